import { setTimeout as sleep } from 'node:timers/promises';

import { ingestStream } from './ingest-stream.js';
import { TransferRegistry } from './transfer-registry.js';

const sink = { write: () => undefined, finalize: () => 'stored', abort: () => undefined };
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));

describe('TransferRegistry', () => {
  it('lists a transfer while it runs and remembers its report afterwards', async () => {
    const registry = new TransferRegistry();
    const during: unknown[] = [];
    async function* source() {
      yield Buffer.from('hello');
      await sleep(1);
      during.push(...registry.list());
    }
    await registry.run({ direction: 'ingest', store: 'fs', key: 'a' }, undefined, (context) =>
      ingestStream(source(), sink, context),
    );

    expect(during).toMatchObject([{ direction: 'ingest', store: 'fs', key: 'a', state: 'running' }]);
    expect(registry.list()).toEqual([]);
    expect(registry.recent()).toMatchObject([{ key: 'a', state: 'completed', report: { bytesOut: 5 } }]);
    expect(registry.get(registry.recent()[0]?.id ?? '')).toMatchObject({ state: 'completed' });
  });

  it('aborts one transfer by its id, with the reason', async () => {
    const registry = new TransferRegistry();
    const running = registry.run({ direction: 'ingest' }, undefined, ({ signal }) => untilAborted(signal));
    const [entry] = registry.list();

    expect(registry.abort(entry?.id ?? '', 'by hand')).toBe(true);
    await expect(running).rejects.toMatchObject({ code: 'ABORTED', cause: 'by hand' });
    expect(registry.abort('unknown', 'by hand')).toBe(false);
  });

  it('does not refuse work that goes on with what was admitted before', async () => {
    const registry = new TransferRegistry({ maxConcurrent: 1 });
    const controller = new AbortController();
    const first = registry.run({ direction: 'ingest' }, controller.signal, ({ signal }) => untilAborted(signal));
    registry.drain();

    await expect(registry.run({ direction: 'ingest' }, undefined, async () => 'new')).rejects.toMatchObject({
      code: 'DRAINING',
    });
    await expect(registry.run({ direction: 'ingest' }, undefined, async () => 'more', 'continued')).resolves.toBe(
      'more',
    );
    controller.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
  });

  it('passes on the caller’s signal', async () => {
    const controller = new AbortController();
    const running = new TransferRegistry().run({ direction: 'deliver' }, controller.signal, ({ signal }) =>
      untilAborted(signal),
    );
    controller.abort(new Error('client gone'));
    await expect(running).rejects.toThrow('client gone');
  });

  it('refuses one more than the most allowed', async () => {
    const registry = new TransferRegistry({ maxConcurrent: 1 });
    const first = registry.run({ direction: 'ingest' }, undefined, ({ signal }) => untilAborted(signal));
    await expect(registry.run({ direction: 'ingest' }, undefined, () => Promise.resolve())).rejects.toMatchObject({
      code: 'TOO_MANY_TRANSFERS',
    });
    registry.abortAll('end');
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(registry.run({ direction: 'ingest' }, undefined, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('drains: refuses new transfers, lets the running ones finish, then is closed', async () => {
    const registry = new TransferRegistry();
    const running = registry.run({ direction: 'ingest' }, undefined, () => sleep(30, 'done'));
    const closing = registry.close(10_000);

    expect(registry.state).toBe('draining');
    await expect(registry.run({ direction: 'ingest' }, undefined, () => Promise.resolve())).rejects.toMatchObject({
      code: 'DRAINING',
    });
    await expect(running).resolves.toBe('done');
    await expect(closing).resolves.toBe(0);
    expect(registry.state).toBe('closed');
  });

  it('aborts what the grace was too short for, and waits until it has ended', async () => {
    const registry = new TransferRegistry();
    let ended = false;
    const running = registry
      .run({ direction: 'ingest' }, undefined, async ({ signal }) => {
        await untilAborted(signal).catch(() => sleep(20));
        ended = true;
        throw signal.reason as Error;
      })
      .catch((error: unknown) => error);

    await expect(registry.close(5)).resolves.toBe(1);
    expect(ended).toBe(true);
    await expect(running).resolves.toMatchObject({ code: 'DRAINING' });
  });

  it('gives each of the transfers that it aborts a failure of its own', async () => {
    const registry = new TransferRegistry();
    async function* endless() {
      for (;;) yield await sleep(1, Buffer.alloc(1));
    }
    const running = ['a', 'b'].map((key) =>
      registry
        .run({ direction: 'ingest', key }, undefined, (context) => ingestStream(endless(), sink, context))
        .catch((error: { report: { id: string } }) => error.report.id),
    );
    registry.abortAll('end');
    const [first, second] = await Promise.all(running);
    expect(first).not.toBe(second);
  });

  it('remembers only so many', async () => {
    const registry = new TransferRegistry({ recentLimit: 2 });
    for (const key of ['a', 'b', 'c']) {
      await registry.run({ direction: 'ingest', key }, undefined, (context) => ingestStream([], sink, context));
    }
    expect(registry.recent().map(({ key }) => key)).toEqual(['c', 'b']);
  });
});
