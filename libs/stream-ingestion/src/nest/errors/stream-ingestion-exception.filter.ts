import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';

import { StreamIngestionError } from '../../contracts/index.js';
import { answerWithProblem } from './answer-with-problem.js';
import { logServerError } from './log-server-error.js';

/**
 * Answers the errors of this library with problem documents (RFC 9457), and leaves every other to the filters of the
 * application. The module binds it for the whole application; a filter that a controller or a route binds itself comes
 * before it.
 */
@Injectable()
@Catch(StreamIngestionError)
export class StreamIngestionExceptionFilter implements ExceptionFilter<StreamIngestionError> {
  async catch(error: StreamIngestionError, host: ArgumentsHost): Promise<void> {
    // Where there is no HTTP there is nobody to answer: let the caller have it.
    if (host.getType() !== 'http') throw error;
    logServerError(error);
    await answerWithProblem(host, error);
  }
}
