export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** As a shell says of a command that SIGINT has ended: 128 + 2. */
export const EXIT_INTERRUPTED = 130;
