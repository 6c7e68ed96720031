import { parentPort } from 'node:worker_threads';

import type { FromThread, ToThread } from './messages.js';
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

if (parentPort !== null) serve(parentPort);
