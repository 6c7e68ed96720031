import type { ArgumentsHost } from '@nestjs/common';

import { type Problem, problemOf, sendProblem } from '../../http/index.js';
import { exchangeOf } from '../http/exchange.js';

// A process that shuts down does not wait for the rest of an upload that it has aborted.
const DISCARD_MS_WHEN_DRAINING = 250;

/** Answers the request of either adapter with a problem document, in whatever state its body is. Never rejects. */
export async function answerWithProblem(host: ArgumentsHost, error: unknown, known?: Problem): Promise<void> {
  const http = host.switchToHttp();
  const exchange = exchangeOf(http.getRequest<object>(), http.getResponse<object>());
  exchange.takeOver();
  const problem = known ?? problemOf(error);
  const limits = problem.body.code === 'DRAINING' ? { discardMs: DISCARD_MS_WHEN_DRAINING } : {};
  await sendProblem(exchange.request, exchange.response, problem, limits);
}
