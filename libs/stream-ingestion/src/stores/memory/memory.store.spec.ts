import { ingestStream } from '../../engine/index.js';
import { patternSource } from '../../testing/index.js';
import { memoryStore } from './index.js';

const signal = new AbortController().signal;
const failing = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('memory store with maxBytes', () => {
  it('holds exactly so many bytes', async () => {
    const store = memoryStore({ maxBytes: 1000 });
    await ingestStream(patternSource(1000), await store.createSink('a'));
    expect(await store.check()).toEqual({ writable: false, freeBytes: 0 });
    await expect(ingestStream(patternSource(1), await store.createSink('b'))).rejects.toEqual(failing('NO_SPACE'));
    expect(store.usedBytes).toBe(1000);
  });

  it('counts unfinished objects, and has their space back after an abort', async () => {
    const store = memoryStore({ maxBytes: 1000 });
    const sink = await store.createSink('a');
    await sink.write(Buffer.alloc(600), signal);
    expect(() => sink.write(Buffer.alloc(401), signal)).toThrow(failing('NO_SPACE'));
    expect(store.usedBytes).toBe(600);
    await sink.abort('enough');
    expect(await store.check()).toEqual({ writable: true, freeBytes: 1000 });
  });

  it('has the space of a replaced object back', async () => {
    const store = memoryStore({ maxBytes: 1000 });
    await ingestStream(patternSource(500), await store.createSink('a'));
    await ingestStream(patternSource(400), await store.createSink('a'));
    expect(store.usedBytes).toBe(400);
    await store.delete('a');
    expect(store.usedBytes).toBe(0);
  });

  it('refuses early what is known not to fit', async () => {
    const store = memoryStore({ maxBytes: 1000 });
    await expect(store.createSink('a', { expectedBytes: 1001 })).rejects.toEqual(failing('NO_SPACE'));
  });

  it.each([
    [{ maxBytes: -1 }, 'memory store: maxBytes must be 0 or more'],
    [{ maxBytes: Number.NaN }, 'memory store: maxBytes must be 0 or more'],
    [{ unitBytes: 0 }, 'memory store: unitBytes must be an integer from 1 to 67108864'],
    [{ unitBytes: 1.5 }, 'memory store: unitBytes must be an integer from 1 to 67108864'],
    [{ unitBytes: 67108865 }, 'memory store: unitBytes must be an integer from 1 to 67108864'],
  ])('refuses %p', (options, message) => {
    expect(() => memoryStore(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message }) as Error);
  });
});
