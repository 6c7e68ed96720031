import type { IncomingMessage } from 'node:http';

const TRANSFER = Symbol.for('nestjs-stream-ingestion.transfer');

/** Says of a request that a transfer reads its body, and minds how long that takes. Idempotent. */
export function markTransfer(request: IncomingMessage): void {
  Object.defineProperty(request, TRANSFER, { value: true, configurable: true });
}

/** True once `readRawUpload` or `multipartParts` has taken the request. */
export function isTransfer(request: IncomingMessage): boolean {
  return TRANSFER in request;
}
