import type { IngestionSink, Store, StoredObject } from '../../contracts/index.js';
import { memoryStore } from '../../stores/memory/index.js';
import { runStoreConformance, STORE_CONFORMANCE_CASES, type ConformanceCase, type TestGlobals } from '../index.js';

interface Registered {
  readonly names: string[];
  readonly bodies: Map<string, () => Promise<void>>;
}

/** Runs nothing, keeps what was registered. */
function register(store: () => Store, cases?: readonly ConformanceCase[]): Registered {
  const registered: Registered = { names: [], bodies: new Map() };
  const it = (name: string, body: () => Promise<void>): void => {
    registered.names.push(name);
    registered.bodies.set(name, body);
  };
  const globals: TestGlobals = { describe: (_name, body) => body(), it };
  runStoreConformance(globals, {
    name: 'x',
    capabilities: store().capabilities,
    create: () => Promise.resolve({ store: store(), cleanup: () => Promise.resolve() }),
    ...(cases === undefined ? {} : { cases }),
  });
  return registered;
}

/** Names of the cases that a store fails. */
async function failures(store: () => Store): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, body] of register(store).bodies) await body().catch(() => failed.push(name));
  return failed;
}

/** A memory store with one method of its sinks replaced. */
function withSink(change: (sink: IngestionSink<StoredObject>) => Partial<IngestionSink<StoredObject>>): () => Store {
  return () => {
    const inner = memoryStore({ unitBytes: 4096 });
    const store: Store = {
      kind: inner.kind,
      capabilities: inner.capabilities,
      async createSink(key, options) {
        const sink = await inner.createSink(key, options);
        const { preferredUnitBytes = 4096 } = sink;
        return {
          preferredUnitBytes,
          write: (chunk, signal) => sink.write(chunk, signal),
          finalize: (summary, signal) => sink.finalize(summary, signal),
          abort: (reason) => sink.abort(reason),
          ...change(sink),
        };
      },
      open: (key, signal) => inner.open(key, signal),
      delete: (key, options) => inner.delete(key, options),
      list: (options) => inner.list(options),
      check: (signal) => inner.check(signal),
    };
    return store;
  };
}

describe('store conformance', () => {
  it('has cases of different names', () => {
    const names = STORE_CONFORMANCE_CASES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('leaves out what a store does not declare, and says why', async () => {
    const { names, bodies } = register(() => memoryStore());
    const declaration =
      'declares its capabilities; "survives a restart" does not apply without durable; ' +
      '"knows its free space" does not apply without freeSpace; ' +
      '"refuses early what cannot fit" does not apply without freeSpace';
    const left = ['survives a restart', 'knows its free space', 'refuses early what cannot fit'];
    const rest = STORE_CONFORMANCE_CASES.map(({ name }) => name).filter((name) => !left.includes(name));
    expect(names).toEqual([declaration, ...rest]);
    await bodies.get(declaration)?.();
  });

  it('fails a store that declares something else than was announced', async () => {
    const bodies: (() => Promise<void>)[] = [];
    runStoreConformance(
      { describe: (_name, body) => body(), it: (_name, body) => bodies.push(body) },
      {
        name: 'x',
        capabilities: { ...memoryStore().capabilities, createOnly: false },
        create: () => Promise.resolve({ store: memoryStore(), cleanup: () => Promise.resolve() }),
        cases: [],
      },
    );
    await expect(bodies[0]?.()).rejects.toThrow('createOnly');
  });

  it('cleans up after a case that fails', async () => {
    let cleaned = 0;
    const bodies: (() => Promise<void>)[] = [];
    runStoreConformance(
      { describe: (_name, body) => body(), it: (_name, body) => bodies.push(body) },
      {
        name: 'x',
        capabilities: memoryStore().capabilities,
        create: () => Promise.resolve({ store: memoryStore(), cleanup: () => Promise.resolve(void (cleaned += 1)) }),
        cases: [{ name: 'fails', run: () => Promise.reject(new Error('on purpose')) }],
      },
    );
    await expect(bodies[1]?.()).rejects.toThrow('on purpose');
    expect(cleaned).toBe(1);
  });

  it('asks a durable store for a way to reopen it', async () => {
    const bodies = register(
      () => memoryStore(),
      [{ name: 'reopens', run: async ({ reopen }) => void (await reopen()) }],
    ).bodies;
    await expect(bodies.get('reopens')?.()).rejects.toThrow('reopen()');
  });
});

describe('store conformance finds a store that', () => {
  it('keeps the chunks of the engine', async () => {
    const broken = withSink(() => {
      const kept: Uint8Array[] = [];
      return { write: (chunk) => void kept.push(chunk), finalize: () => Promise.reject(new Error('not reached')) };
    });
    expect(await failures(broken)).toContain('keeps its own copy of every chunk');
  });

  it('loses the last byte of every write', async () => {
    const broken = withSink((sink) => ({ write: (chunk, signal) => sink.write(chunk.subarray(0, -1), signal) }));
    expect(await failures(broken)).toEqual(expect.arrayContaining(['gives back one unit', 'gives back one byte']));
  });

  it('finalizes when told to abort', async () => {
    const broken = withSink((sink) => ({
      abort: async () => void (await sink.finalize({ bytes: 0, digests: {} }, new AbortController().signal)),
    }));
    expect(await failures(broken)).toEqual(
      expect.arrayContaining(['leaves nothing after an abort between writes', 'leaves nothing when the source fails']),
    );
  });

  it('says that it created what it replaced', async () => {
    const broken = withSink((sink) => ({
      finalize: async (summary, signal) => ({ ...(await sink.finalize(summary, signal)), created: true }),
    }));
    expect(await failures(broken)).toEqual(['says whether an object was created or replaced']);
  });

  it('ignores the signal', async () => {
    const broken = withSink((sink) => ({
      finalize: (summary) => sink.finalize(summary, new AbortController().signal),
    }));
    expect(await failures(broken)).toContain('does not finalize once the signal has fired');
  });
});
