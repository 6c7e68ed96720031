import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

import type { FromThread, ThreadData, ToThread } from './messages.js';
import { ThreadSession } from './thread-session.js';

/** What a worker thread of the pool runs: sessions by their number, each on its own. */
function serve(port: NonNullable<typeof parentPort>): void {
  const sessions = new Map<number, ThreadSession>();
  const send = (message: FromThread, transfer: readonly ArrayBuffer[]): void =>
    port.postMessage(message, [...transfer]);

  port.on('message', (message: ToThread) => {
    if (message.type === 'open') {
      const session = new ThreadSession(message, send);
      sessions.set(message.session, session);
      void session.run().finally(() => sessions.delete(message.session));
      return;
    }
    // Absent where the session closed while the message was under way.
    const session = sessions.get(message.session);
    if (message.type === 'input') session?.input(message.slab, message.bytes);
    else if (message.type === 'refill') session?.refill(message.slab);
    else if (message.type === 'end') session?.end();
    else session?.abort();
  });
}

/** On Linux the priority of "this process" (setpriority(2) with 0) is that of the calling thread alone. */
function giveWay({ niceness }: ThreadData): void {
  if (process.platform === 'linux' && niceness > 0) setPriority(Math.min(19, getPriority() + niceness));
}

if (parentPort !== null) {
  giveWay(workerData as ThreadData);
  serve(parentPort);
}
