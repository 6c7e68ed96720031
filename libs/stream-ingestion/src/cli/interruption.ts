import { StreamIngestionError } from '../contracts/index.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A signal that is aborted when the process is told to stop. Being told again changes nothing, up to the end of the
 * process: npm, for one, passes on a Ctrl-C that the terminal has sent already, and cleaning up must not be cut short
 * by that.
 */
export function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (name: string): void => {
    controller.abort(new StreamIngestionError('ABORTED', `interrupted by ${name}`, { operation: 'cli.interrupt' }));
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return controller.signal;
}
