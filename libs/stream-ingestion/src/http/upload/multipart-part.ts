import type { Readable } from 'node:stream';

interface PartFacts {
  /** Any text but the empty one, as the form has it: no path, no number, nothing nested. */
  readonly name: string;
  /** The part's header fields by name in lower case, repeated ones joined with a comma. */
  readonly headers: ReadonlyMap<string, string>;
}

/** A part without a file name, held in memory. */
export interface MultipartField extends PartFacts {
  readonly kind: 'field';
  /** Decoded by the charset of its content type. Default: UTF-8. */
  readonly value: string;
}

/** A part with a file name, or of type application/octet-stream. */
export interface MultipartFile extends PartFacts {
  readonly kind: 'file';
  /**
   * Last path segment of what the client says, without control characters. Absent where it says nothing usable: a
   * browser sends an empty name and no bytes for a file input that was left empty.
   */
  readonly filename?: string;
  /** Default: application/octet-stream. The client's word, not a fact. */
  readonly contentType: string;
  /**
   * The content. Asking for the next part waits until it was read to its end or destroyed, and destroys it where nobody
   * has begun to read it. Destroying it skips the rest of the file and leaves the request alone. It fails with
   * MALFORMED_INPUT, LIMIT_EXCEEDED or SOURCE_CLOSED where the body does; its end means that the part was complete.
   */
  readonly source: Readable;
}

export type MultipartPart = MultipartField | MultipartFile;
