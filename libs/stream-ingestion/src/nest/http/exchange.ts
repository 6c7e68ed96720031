import type { IncomingMessage, ServerResponse } from 'node:http';

/** What Express and Fastify hand to a Nest handler, as far as both are alike. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /**
   * Takes the answer out of the framework's hands: header fields that were set through it are put on `response`, and
   * it sends nothing of its own any more. Idempotent.
   */
  takeOver(): void;
}

interface FastifyReplyLike {
  readonly raw: ServerResponse;
  readonly sent: boolean;
  hijack(): unknown;
  getHeaders(): Record<string, number | string | string[] | undefined>;
}

/** The Node.js objects behind a request and a response of either adapter. */
export function exchangeOf(request: unknown, response: unknown): Exchange {
  const raw = (request as { raw?: unknown }).raw;
  if (!isFastifyReply(response) || raw === undefined) {
    const native = response as ServerResponse;
    return { request: request as IncomingMessage, response: native, takeOver: () => silenceExpress(native) };
  }
  return {
    request: raw as IncomingMessage,
    response: response.raw,
    takeOver: () => {
      if (response.sent) return;
      for (const [name, value] of Object.entries(response.getHeaders())) {
        if (value !== undefined && !response.raw.headersSent) response.raw.setHeader(name, value);
      }
      response.hijack();
    },
  };
}

function isFastifyReply(response: unknown): response is FastifyReplyLike {
  return typeof (response as Partial<FastifyReplyLike>).hijack === 'function';
}

/** Nest ends every handler with `response.send()`; once somebody else has answered there is nothing to send. */
function silenceExpress(response: ServerResponse): void {
  if ('send' in response) Object.defineProperty(response, 'send', { value: () => response, configurable: true });
}
