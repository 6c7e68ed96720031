import type { IncomingMessage } from 'node:http';

import { clientGone, type ClientGone } from '../../http/index.js';
import type { Exchange } from '../http/exchange.js';

const CLIENT = Symbol('nestjs-stream-ingestion.client');

/** One watch for an exchange, however many ask for it. */
export function clientOf({ request, response }: Exchange): ClientGone {
  const carrier = request as IncomingMessage & { [CLIENT]?: ClientGone };
  carrier[CLIENT] ??= clientGone(request, response);
  return carrier[CLIENT];
}
