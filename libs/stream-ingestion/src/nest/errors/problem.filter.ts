import { STATUS_CODES } from 'node:http';

import { Catch, HttpException, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';

import type { Problem } from '../../http/index.js';
import { answerWithProblem } from './answer-with-problem.js';
import { logServerError } from './log-server-error.js';

/** For controllers of ours: every error is a problem document, those of the application's guards and pipes too. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    if (host.getType() !== 'http') throw error;
    logServerError(error);
    await answerWithProblem(host, error, error instanceof HttpException ? problemOfHttpException(error) : undefined);
  }
}

/** What a problem document says itself, and what Nest puts into every exception. */
const OWN_MEMBERS = new Set(['type', 'title', 'status', 'code', 'detail', 'retry', 'statusCode', 'message']);

/**
 * `about:blank`: the problem is what its status says (RFC 9457, 4.2.1). Whatever else the application has put into the
 * exception goes along as extension members, such as the details of a health check.
 */
function problemOfHttpException(error: HttpException): Problem {
  const status = error.getStatus();
  const title = STATUS_CODES[status] ?? 'Error';
  const response = error.getResponse();
  const members = typeof response === 'object' ? Object.entries(response) : [];
  const body = {
    type: 'about:blank',
    title,
    status,
    code: title.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_'),
    detail: error.message,
    retry: 'never',
    ...Object.fromEntries(members.filter(([name]) => !OWN_MEMBERS.has(name))),
  };
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  // The union of codes is of the library's own errors; a document may well have others.
  return { status, headers, body: body as unknown as Problem['body'] };
}
