import { Readable } from 'node:stream';

/** About one read of a socket: more only delays the back-pressure. */
const HIGH_WATER_MARK_BYTES = 64 * 1024;

const ignore = (): void => undefined;

/** The content of one file of a form. Reading it drives the reader of the form, destroying it lets that go on. */
export class PartSource extends Readable {
  readonly #drive: () => void;
  /** Whether the consumer has room; false once `push` has said so, until it reads again. */
  wanting = false;

  /** @param drive called when bytes are wanted, and when none are wanted any more. */
  constructor(drive: () => void) {
    super({ highWaterMark: HIGH_WATER_MARK_BYTES });
    this.#drive = drive;
    // A file may fail while nobody listens to it; whoever asks for the next part is told, too.
    this.on('error', ignore);
  }

  /** True while nobody has begun to read. */
  get untouched(): boolean {
    return this.readableFlowing === null && !this.readableDidRead && !this.destroyed;
  }

  override _read(): void {
    this.wanting = true;
    this.#drive();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#drive();
    callback(error);
  }
}
