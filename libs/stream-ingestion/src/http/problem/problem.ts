import type { ErrorCode, RetryAdvice } from '../../contracts/index.js';

/** A problem document (RFC 9457), as it stands in the body. */
export interface ProblemDocument {
  /** A name, not an address: `urn:nestjs-stream-ingestion:not-found`. One for each code. */
  readonly type: string;
  /** The same for every problem of its type. */
  readonly title: string;
  readonly status: number;
  /** Stable; what a program should look at. `INTERNAL` for an error that is none of the library's. */
  readonly code: ErrorCode | 'INTERNAL';
  readonly detail: string;
  /** Whether doing the same again may succeed. */
  readonly retry: RetryAdvice;
  /** Which request, where the caller gave it. */
  readonly instance?: string;
  /** Limits, lengths, digests and field names that a client can act upon. Never with a status of 500 or more. */
  readonly context?: Readonly<Record<string, string | number | boolean>>;
}

/** An answer that says what went wrong. */
export interface Problem {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemDocument;
}
