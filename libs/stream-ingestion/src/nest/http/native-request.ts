import type { IncomingMessage } from 'node:http';

import { revealBody } from './body-gate/hidden-body.js';

/** The Node.js request behind a request of either adapter, with its body in sight. */
export function nativeRequestOf(request: object): IncomingMessage {
  const native = ((request as { raw?: IncomingMessage }).raw ?? request) as IncomingMessage;
  revealBody(native);
  return native;
}
