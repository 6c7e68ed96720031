import type { IncomingHttpHeaders } from 'node:http';

import type { ByteRange, ObjectInfo } from '../../contracts/index.js';

/** What the planner needs to know of a request. */
export interface DeliveryRequest {
  /** GET and HEAD are planned by RFC 9110; for any other method conditions and Range are ignored. */
  readonly method: string;
  /** Names in lower case, as Node gives them. `joinFieldLines(rawHeaders)` also sees repeated dates. */
  readonly headers: IncomingHttpHeaders;
  /** Time of the response. Default: the clock. */
  readonly now?: Date;
}

/** What the planner needs to know of the object: facts that a delivery source's `stat` gives. */
export type DeliveryObject = Pick<ObjectInfo, 'key' | 'size' | 'etag' | 'lastModified' | 'digests'> &
  Partial<Pick<ObjectInfo, 'contentType' | 'contentEncoding'>>;

export interface DeliveryPlanOptions {
  /** Send as an attachment of that name; the last segment of the key where it is empty. Default: by content type. */
  readonly downloadName?: string;
  /**
   * Default: `private, no-cache, no-transform`. Kept by the client alone, and asked about each time, which a 304 answers
   * at the cost of a `stat`: whether shared caches may keep a user's content is for the application to say.
   * `no-transform` keeps compressing middleware and proxies off bytes whose ranges, digests and tag were announced.
   */
  readonly cacheControl?: string;
  /** Most ranges of one response after overlapping ones were joined, 1 or more; 416 beyond. Default: 10. */
  readonly maxRanges?: number;
  /** Whether the source can read ranges. Default: true. Where false, Range is ignored and said to be. */
  readonly acceptRanges?: boolean;
  /**
   * The content comes from the application itself, so that a browser may render it as it likes. Default: false: it is
   * sandboxed, and what is not known to be inert is an attachment.
   */
  readonly trusted?: boolean;
  /** Boundary of a multipart response, 1 to 70 letters and digits. Default: 24 random bytes, hexadecimal. */
  readonly boundary?: string;
}

export type DeliveryStatus = 200 | 206 | 304 | 412 | 416;

/** One part of a multipart/byteranges body: `head` is everything from the delimiter line to the empty line. */
export interface DeliveryPart {
  readonly head: string;
  readonly range: ByteRange;
}

export interface MultipartBody {
  readonly kind: 'multipart';
  readonly boundary: string;
  readonly parts: readonly DeliveryPart[];
  /** The closing delimiter line. */
  readonly tail: string;
}

export type DeliveryBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'range'; readonly range: ByteRange }
  | MultipartBody;

/** Everything about a response but its bytes. */
export interface DeliveryPlan {
  readonly status: DeliveryStatus;
  /** Complete but for `Date` and fields of the connection. Content-Length is the full one also for HEAD. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: DeliveryBody;
  /** Bytes of content that the body has, all of a multipart body's framing included. 0 without a body. */
  readonly contentLength: number;
  /** What a problem document is to say; present with 412 and 416, whose plan has no body. */
  readonly problem?: 'PRECONDITION_FAILED' | 'RANGE_NOT_SATISFIABLE';
  /**
   * False where the object has a content coding that the client's `Accept-Encoding` excludes. It is sent all the same:
   * there is no other representation, and a server may disregard the field (RFC 9110, 12.5.3 only says SHOULD).
   */
  readonly codingAccepted: boolean;
}
