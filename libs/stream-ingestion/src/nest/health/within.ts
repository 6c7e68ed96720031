/** Runs `work` with a signal that fires after `ms`, and waits no longer than that for it. */
export async function within<Result>(ms: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const signal = AbortSignal.timeout(ms);
  let onTimeout = (): void => undefined;
  const timedOut = new Promise<never>((_, reject) => {
    onTimeout = () => reject(new Error(`no answer within ${ms} ms`));
    signal.addEventListener('abort', onTimeout, { once: true });
  });
  try {
    return await Promise.race([work(signal), timedOut]);
  } finally {
    signal.removeEventListener('abort', onTimeout);
  }
}
