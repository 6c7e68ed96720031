import { HttpException, Logger } from '@nestjs/common';

import { isStreamIngestionError } from '../../contracts/index.js';
import { problemOf } from '../../http/index.js';

// 501 is about what a client asked for; 503 and 507 are the service doing what it should under load, and are counted.
const EXPECTED: ReadonlySet<number> = new Set([501, 503, 507]);

/** What is told to nobody else goes to the log: an answer from 500 up says nothing of its cause. */
export function logServerError(error: unknown): void {
  if (error instanceof HttpException) return;
  const { status } = problemOf(error);
  if (status < 500 || EXPECTED.has(status)) return;
  const operation = isStreamIngestionError(error) ? error.operation : undefined;
  const stack = error instanceof Error ? stackOf(error) : String(error);
  Logger.error(operation === undefined ? 'a request failed' : `${operation} failed`, stack, 'StreamIngestion');
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
