import type { ArgumentsHost } from '@nestjs/common';

import { problemOf } from '../../http/problem/problem-of.js';
import type { Problem } from '../../http/problem/problem.js';
import { sendProblem } from '../../http/problem/send-problem.js';
import { exchangeOf } from '../http/exchange.js';

/** Answers the request of either adapter with a problem document, in whatever state its body is. Never rejects. */
export async function answerWithProblem(host: ArgumentsHost, error: unknown, known?: Problem): Promise<void> {
  const http = host.switchToHttp();
  const exchange = exchangeOf(http.getRequest<object>(), http.getResponse<object>());
  exchange.takeOver();
  await sendProblem(exchange.request, exchange.response, known ?? problemOf(error));
}
