import { createHash } from 'node:crypto';

import fc from 'fast-check';

import {
  isStreamIngestionError,
  type CreateSinkOptions,
  type IngestionSink,
  type StoredObject,
} from '../../contracts/index.js';
import { listKeys, neverAborted, Pattern, readObject, statObject } from '../../testing/index.js';
import { fsStore, type FsStore } from './index.js';
import { temporaryFolder } from './spec-support/temporary-folder.js';

// Some cannot live beside each other, and some differ only in where they sort.
const KEYS = ['a', 'a/b', 'a/b/c', 'a-b', 'a.b', 'b/x', 'b/y', 'é/ü', 'c'];

interface Version {
  readonly bytes: string;
  readonly etag: string;
  readonly metadata: string;
}

interface Pending {
  readonly key: string;
  readonly sink: IngestionSink<StoredObject>;
  readonly conditions: Pick<CreateSinkOptions, 'ifMatch' | 'ifNoneMatch'>;
  readonly bytes: Buffer;
  readonly metadata: string;
}

interface Model {
  readonly objects: Map<string, Version>;
  readonly pending: Pending[];
  /** Etags that have been, for conditions that do not hold any more. */
  readonly etags: string[];
}

interface Real {
  store: FsStore;
  readonly root: string;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const conflicts = ({ objects }: Model, key: string): boolean =>
  [...objects.keys()].some((other) => other.startsWith(`${key}/`) || key.startsWith(`${other}/`));

async function outcomeOf<Result>(work: Promise<Result> | Result): Promise<Result | string> {
  try {
    return await work;
  } catch (error) {
    if (isStreamIngestionError(error)) return error.code;
    throw error;
  }
}

/** What a write under these conditions must come to right now; undefined: it succeeds. */
function verdict(model: Model, { key, conditions }: Pick<Pending, 'key' | 'conditions'>): string | undefined {
  const current = model.objects.get(key);
  if (conflicts(model, key)) return 'KEY_CONFLICT';
  if (conditions.ifNoneMatch !== undefined && current !== undefined) return 'PRECONDITION_FAILED';
  if (conditions.ifMatch === undefined) return undefined;
  return current?.etag === conditions.ifMatch ? undefined : 'PRECONDITION_FAILED';
}

type Command = fc.AsyncCommand<Model, Real>;

const always = (): boolean => true;

const createSink = (
  key: string,
  seed: number,
  size: number,
  condition: 'none' | 'create' | 'match' | 'stale',
): Command => ({
  check: always,
  async run(model, { store }) {
    const etag = condition === 'match' ? model.objects.get(key)?.etag : model.etags[0];
    const conditions =
      condition === 'none' ? {} : condition === 'create' ? { ifNoneMatch: '*' as const } : { ifMatch: etag ?? 'none' };
    const metadata = `seed ${seed}`;
    const expected = verdict(model, { key, conditions });
    const sink = await outcomeOf(store.createSink(key, { ...conditions, metadata: { metadata } }));
    if (typeof sink === 'string') {
      expect(sink).toBe(expected);
      return;
    }
    // A conflict above the key itself may show only at the end.
    if (expected !== undefined) expect(expected).toBe('KEY_CONFLICT');
    const bytes = new Pattern(seed).bytes(size);
    await sink.write(bytes.subarray(0, size >> 1), neverAborted());
    await sink.write(bytes.subarray(size >> 1), neverAborted());
    model.pending.push({ key, sink, conditions, bytes, metadata });
  },
  toString: () => `create(${key}, ${size} of ${seed}, ${condition})`,
});

const finalize = (index: number): Command => ({
  check: ({ pending }) => pending.length > 0,
  async run(model) {
    const [pending] = model.pending.splice(index % model.pending.length, 1);
    if (pending === undefined) return;
    const { key, sink, bytes, metadata } = pending;
    const expected = verdict(model, pending);
    const digests = { sha256: hashOf(bytes) };
    const outcome = await outcomeOf(sink.finalize({ bytes: bytes.byteLength, digests }, neverAborted()));
    if (typeof outcome === 'string') {
      await sink.abort('finalize failed');
      expect(outcome).toBe(expected);
      return;
    }
    expect(expected).toBeUndefined();
    expect(outcome.created).toBe(!model.objects.has(key));
    expect(model.etags).not.toContain(outcome.etag);
    model.etags.push(outcome.etag);
    model.objects.set(key, { bytes: hashOf(bytes), etag: outcome.etag, metadata });
  },
  toString: () => `finalize(${index})`,
});

const abort = (index: number): Command => ({
  check: ({ pending }) => pending.length > 0,
  async run(model) {
    const [pending] = model.pending.splice(index % model.pending.length, 1);
    await pending?.sink.abort('enough');
  },
  toString: () => `abort(${index})`,
});

const remove = (key: string, stale: boolean): Command => ({
  check: always,
  async run(model, { store }) {
    const current = model.objects.get(key);
    const outcome = await outcomeOf(store.delete(key, stale ? { ifMatch: 'stale' } : {}));
    if (current === undefined) expect(outcome).toBe('NOT_FOUND');
    else if (stale) expect(outcome).toBe('PRECONDITION_FAILED');
    else {
      expect(outcome).toBeUndefined();
      model.objects.delete(key);
    }
  },
  toString: () => `delete(${key}${stale ? ', stale' : ''})`,
});

const read = (key: string): Command => ({
  check: always,
  async run(model, { store }) {
    const expected = model.objects.get(key);
    const outcome = await outcomeOf(readObject(store, key));
    if (expected === undefined || typeof outcome === 'string') expect(outcome).toBe(expected ?? 'NOT_FOUND');
    else {
      expect(hashOf(outcome)).toBe(expected.bytes);
      const { etag, metadata, digests } = await statObject(store, key);
      expect({ etag, metadata, digests }).toEqual({
        etag: expected.etag,
        metadata: { metadata: expected.metadata },
        digests: { sha256: expected.bytes },
      });
    }
  },
  toString: () => `read(${key})`,
});

const list = (limit: number, prefix: string): Command => ({
  check: always,
  async run(model, { store }) {
    const expected = [...model.objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    expect(await listKeys(store, { limit, prefix })).toEqual(expected);
  },
  toString: () => `list(${limit}, ${prefix})`,
});

const restart: Command = {
  check: always,
  async run(_model, real) {
    real.store = fsStore({ root: real.root, fsync: false });
    await real.store.start();
    await real.store.sweep();
  },
  toString: () => 'restart',
};

const key = fc.constantFrom(...KEYS);
const commands = fc.commands(
  [
    fc
      .tuple(key, fc.nat(1000), fc.nat(3000), fc.constantFrom('none', 'none', 'create', 'match', 'stale'))
      .map(([name, seed, size, condition]) => createSink(name, seed, size, condition as 'none')),
    fc.nat(5).map(finalize),
    fc.nat(5).map(finalize),
    fc.nat(5).map(abort),
    fc.tuple(key, fc.boolean()).map(([name, stale]) => remove(name, stale)),
    key.map(read),
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('', 'a', 'a/', 'b/', 'é')).map(([n, p]) => list(n, p)),
    fc.constant(restart),
  ],
  { maxCommands: 40 },
);

describe('fs store', () => {
  it('does what a map would do, whatever is done to it', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (program) => {
        const folder = await temporaryFolder();
        const first = fsStore({ root: folder.path, fsync: false });
        const real: Real = { store: first, root: folder.path };
        const model: Model = { objects: new Map(), pending: [], etags: [] };
        try {
          await fc.asyncModelRun(() => ({ model, real }), program);
          for (const { sink } of model.pending) await sink.abort('end');
          for (const name of KEYS) await read(name).run(model, real);
          expect(await real.store.sweep()).toBe(0);
        } finally {
          await first.close();
          await real.store.close();
          await folder.remove();
        }
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});
