const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Listens for signals that come while a shutdown is under way. The first calls back; the next one ends the process, for
 * whoever has no patience left.
 *
 * @returns a function that ends the listening.
 */
export function onFurtherSignals(hurry: () => void): () => void {
  let hurried = false;
  const onSignal = (): void => {
    if (hurried) process.exit(1);
    hurried = true;
    hurry();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
