import type { ByteTransform, IngestionSink } from '../contracts/index.js';
import { ingestStream } from './ingest-stream.js';

const UNIT_BYTES = 64 * 1024;

/** Emits every chunk in one of a few buffers of its own, which it fills again as soon as it has one back. */
class Lending implements ByteTransform {
  readonly name = 'lending';
  allocated = 0;
  givenBack = 0;
  readonly #free: ArrayBuffer[] = [];

  async transform(chunk: Uint8Array, emit: (chunk: Uint8Array, giveBack?: () => void) => Promise<void> | void) {
    const memory = this.#free.pop() ?? this.#allocate();
    const lent = new Uint8Array(memory, 0, chunk.byteLength);
    lent.set(chunk);
    await emit(lent, () => {
      this.givenBack += 1;
      lent.fill(0xee);
      this.#free.push(memory);
    });
  }

  #allocate(): ArrayBuffer {
    this.allocated += 1;
    return new ArrayBuffer(UNIT_BYTES);
  }
}

/** Looks at a unit only once a turn of the event loop has gone by. */
class LateReadingSink implements IngestionSink<Buffer> {
  readonly preferredUnitBytes = 100_000;
  readonly #written: Buffer[] = [];

  async write(chunk: Uint8Array): Promise<void> {
    await new Promise(setImmediate);
    this.#written.push(Buffer.from(chunk));
  }

  async writev(chunks: readonly Uint8Array[]): Promise<void> {
    await new Promise(setImmediate);
    for (const chunk of chunks) this.#written.push(Buffer.from(chunk));
  }

  finalize(): Buffer {
    return Buffer.concat(this.#written);
  }

  abort(): void {
    this.#written.length = 0;
  }
}

function* numberedChunks(count: number): Generator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(10_000, index % 200);
}

const identity: ByteTransform = { name: 'identity', transform: (chunk, emit) => emit(chunk.subarray(0)) };

describe('memory that a transform lends', () => {
  it.each([10_000, 100])(
    'stays its lender’s where the chunks of the source are freed (%i bytes each)',
    async (bytes) => {
      const lent: ArrayBuffer[] = [];
      const lending: ByteTransform = {
        name: 'lending',
        transform(chunk, emit) {
          const memory = new ArrayBuffer(chunk.byteLength);
          new Uint8Array(memory).set(chunk);
          lent.push(memory);
          return emit(new Uint8Array(memory), () => undefined);
        },
      };
      const source = Array.from({ length: 30 }, (_, index) => Buffer.from(new ArrayBuffer(bytes)).fill(index));
      const sink = new LateReadingSink();
      await ingestStream(source, sink, { transforms: [lending], releaseChunks: true });
      expect(lent.map((memory) => memory.byteLength)).toEqual(lent.map(() => bytes));
    },
  );

  it('is given back once, when the sink has read it, and not before', async () => {
    const lending = new Lending();

    const report = await ingestStream(numberedChunks(400), new LateReadingSink(), { transforms: [lending, identity] });

    expect(report.result.equals(Buffer.concat([...numberedChunks(400)]))).toBe(true);
    expect(lending.givenBack).toBe(400);
    expect(lending.allocated).toBeLessThan(40);
  });

  it('is given back at once where it is copied, as with tiny chunks', async () => {
    const lending = new Lending();
    const chunks = Array.from({ length: 100 }, (_, index) => Buffer.alloc(10, index));

    const report = await ingestStream(chunks, new LateReadingSink(), { transforms: [lending] });

    expect(report.result.equals(Buffer.concat(chunks))).toBe(true);
    expect(lending).toMatchObject({ allocated: 1, givenBack: 100 });
  });

  it('is given back when the transfer fails', async () => {
    const lending = new Lending();
    const refusing: ByteTransform = { name: 'refusing', transform: () => Promise.reject(new Error('no')) };

    const ingesting = ingestStream(numberedChunks(3), new LateReadingSink(), { transforms: [lending, refusing] });

    await expect(ingesting).rejects.toMatchObject({ code: 'TRANSFORM_FAILED' });
    expect(lending.givenBack).toBe(1);
  });
});
