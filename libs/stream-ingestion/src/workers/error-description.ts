import { StreamIngestionError, isStreamIngestionError } from '../contracts/index.js';

// A chain of causes may be circular.
const MAX_CAUSES = 4;

/** An error as plain data: a class of its own would not survive the way between threads. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
  readonly ours: Pick<StreamIngestionError, 'code' | 'operation' | 'context' | 'retry'> | undefined;
  readonly cause: ErrorDescription | undefined;
}

export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) {
    return {
      name: 'Error',
      message: String(error),
      stack: undefined,
      code: undefined,
      ours: undefined,
      cause: undefined,
    };
  }
  const { code } = error as { readonly code?: unknown };
  const hasCause = error.cause !== undefined && depth < MAX_CAUSES;
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    code: typeof code === 'string' ? code : undefined,
    ours: isStreamIngestionError(error) ? oursOf(error) : undefined,
    cause: hasCause ? describeError(error.cause, depth + 1) : undefined,
  };
}

/** The error again: one of ours as one of ours, any other as an Error of that name, code and stack. */
export function errorOf(description: ErrorDescription): Error {
  const { ours, message, stack, code } = description;
  const cause = description.cause === undefined ? {} : { cause: errorOf(description.cause) };
  if (ours !== undefined) {
    const { operation, context, retry } = ours;
    return new StreamIngestionError(ours.code, message, {
      context,
      retry,
      ...(operation === undefined ? {} : { operation }),
      ...cause,
    });
  }
  const error = new Error(message, cause);
  error.name = description.name;
  if (stack !== undefined) error.stack = stack;
  return code === undefined ? error : Object.assign(error, { code });
}

function oursOf({ code, operation, context, retry }: StreamIngestionError): ErrorDescription['ours'] {
  return { code, operation, context, retry };
}
