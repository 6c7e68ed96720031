import { Logger, type INestApplicationContext } from '@nestjs/common';

import { TransferShutdown } from './transfer-shutdown.js';

export interface ShutdownOnSignalsOptions {
  /** Default: SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[];
  /** How long the process may linger after everything was closed, before it is ended. Default: 5,000. */
  readonly lingerMs?: number;
}

/**
 * Closes the application on the first signal and lets the process end by itself, with exit code 0: nothing is left that
 * would keep it. The second signal aborts what still runs, the third ends the process on the spot.
 *
 *     const app = await NestFactory.create(AppModule);
 *     shutdownOnSignals(app);
 *     await app.listen(3000);
 *
 * Nest's own `app.enableShutdownHooks()` works as well, but sends itself the signal again in the end, so that the
 * process dies of it; with `{ useProcessExit: true }` it is ended with 0.
 */
export function shutdownOnSignals(
  app: Pick<INestApplicationContext, 'get' | 'close'>,
  options: ShutdownOnSignalsOptions = {},
): void {
  const { signals = ['SIGTERM', 'SIGINT'], lingerMs = 5000 } = options;
  const shutdown = app.get(TransferShutdown, { strict: false });
  let received = 0;
  const onSignal = (): void => {
    received += 1;
    if (received === 2) shutdown.hurry();
    if (received > 2) process.exit(1);
    if (received > 1) return;
    void app.close().then(
      () => {
        for (const signal of signals) process.off(signal, onSignal);
        // Never keeps the process; only ends one that something else keeps.
        setTimeout(() => process.exit(), lingerMs).unref();
      },
      (error: unknown) => {
        Logger.error('the shutdown failed', error instanceof Error ? error.stack : String(error), 'StreamIngestion');
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
}
