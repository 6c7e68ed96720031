/** Takes bytes; a promise means: busy until it settles, then at liberty again. Never called while busy. */
export type Push = (chunk: Uint8Array) => Promise<void> | void;

/** The far end of a chain inside the engine: in front of a sink or of a destination. */
export interface Terminal {
  accept(chunk: Uint8Array): Promise<void> | void;
  /** Sends on what was gathered although it is not a full unit yet, so that the memory behind it becomes free. */
  sendGathered(): void;
  /** Resolves when everything that was accepted was taken by the far end. */
  flush(): Promise<void>;
  /** Resolves when nothing is in flight any more, whether that went well or not. Never rejects. */
  quiesced(): Promise<void>;
}
