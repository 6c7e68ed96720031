export { throwIfAborted } from './abort-check.js';
export { spanOf, type ByteSpan } from './byte-span.js';
export { requireExpectedBytes } from './expected-bytes.js';
export { compareKeys } from './key-order.js';
export { decodeListCursor, encodeListCursor } from './list-cursor.js';
export { resolveListRequest, type ListRequest } from './list-request.js';
export { resolveObjectAttributes, type ObjectAttributes } from './object-attributes.js';
export { requirePreconditions, type Preconditions } from './preconditions.js';
