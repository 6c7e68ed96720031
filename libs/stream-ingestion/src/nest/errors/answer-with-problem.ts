import type { ArgumentsHost } from '@nestjs/common';

import { type Problem, problemOf, sendProblem } from '../../http/index.js';
import { exchangeOf } from '../http/exchange.js';

/** Answers the request of either adapter with a problem document, in whatever state its body is. Never rejects. */
export async function answerWithProblem(host: ArgumentsHost, error: unknown, known?: Problem): Promise<void> {
  const http = host.switchToHttp();
  const exchange = exchangeOf(http.getRequest<object>(), http.getResponse<object>());
  exchange.takeOver();
  await sendProblem(exchange.request, exchange.response, known ?? problemOf(error));
}
