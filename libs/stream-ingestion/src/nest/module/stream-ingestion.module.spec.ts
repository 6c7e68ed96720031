import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Global, Inject, Injectable, Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { config } from 'rxjs';

import type { IngestionSink, Store } from '../../contracts/index.js';
import { TransferRegistry } from '../../engine/index.js';
import { fsStore } from '../../stores/fs/index.js';
import { MemoryStore, memoryStore } from '../../stores/memory/index.js';
import { IngestionService } from '../services/ingestion.service.js';
import { InjectSink } from '../stores/inject-sink.decorator.js';
import { InjectStore } from '../stores/inject-store.decorator.js';
import type { SinkFactory } from '../stores/sink-factory.js';
import { StoreRegistry } from '../stores/store-registry.js';
import type { StreamIngestionOptions } from './module-options.js';
import { StreamIngestionModule } from './stream-ingestion.module.js';

@Injectable()
class Settings {
  readonly limit = 7;
  readonly root = 'the root';
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
class OptionsFactory {
  constructor(private readonly settings: Settings) {}

  createStreamIngestionOptions(): StreamIngestionOptions {
    return { stores: { made: memoryStore() }, limits: { maxConcurrentTransfers: this.settings.limit } };
  }
}

@Module({ imports: [SettingsModule], providers: [OptionsFactory], exports: [OptionsFactory] })
class OptionsModule {}

@Injectable()
class StoreWithDependency extends MemoryStore {
  constructor(@Inject(Settings) readonly settings: Settings) {
    super();
  }
}

@Injectable()
class CountingSinks implements SinkFactory<number> {
  constructor(@Inject(Settings) readonly settings: Settings) {}

  createSink(): IngestionSink<number> {
    let bytes = 0;
    return {
      write: (chunk) => void (bytes += chunk.byteLength),
      finalize: () => bytes * this.settings.limit,
      abort: () => undefined,
    };
  }
}

@Injectable()
class Consumer {
  constructor(
    @InjectStore() readonly byDefault: Store,
    @InjectStore('other') readonly other: Store,
    @InjectSink('counter') readonly counter: SinkFactory<number>,
    readonly ingestion: IngestionService,
  ) {}
}

async function start(imports: ModuleMetadata['imports'], providers: ModuleMetadata['providers'] = []) {
  const module = await Test.createTestingModule({ imports: imports ?? [], providers }).compile();
  await module.init();
  return module;
}

describe('StreamIngestionModule', () => {
  const started: TestingModule[] = [];
  afterEach(async () => {
    for (const module of started.splice(0)) await module.close();
  });

  async function startKept(...parameters: Parameters<typeof start>): Promise<TestingModule> {
    const module = await start(...parameters);
    started.push(module);
    return module;
  }

  it('takes stores by name, or as a list, the first being the default', async () => {
    const first = memoryStore();
    const second = memoryStore();
    for (const stores of [
      { first, second },
      [
        { name: 'first', store: first },
        { name: 'second', store: second },
      ],
    ]) {
      const registry = (await startKept([StreamIngestionModule.forRoot({ stores })])).get(StoreRegistry);
      expect(registry.names).toEqual(['first', 'second']);
      expect(registry.get()).toBe(first);
      expect(registry.get('second')).toBe(second);
      expect(registry.defaultName).toBe('first');
    }
  });

  it('gives the default store that is asked for', async () => {
    const second = memoryStore();
    const stores = { first: memoryStore(), second };
    const module = await startKept([StreamIngestionModule.forRoot({ stores, defaultStore: 'second' })]);
    expect(module.get(StoreRegistry).get()).toBe(second);
  });

  it.each<[string, (factory: typeof OptionsFactory) => DynamicModule]>([
    [
      'useFactory',
      () =>
        StreamIngestionModule.forRootAsync({
          imports: [SettingsModule],
          inject: [Settings],
          useFactory: ({ limit }: Settings) => ({
            stores: { made: memoryStore() },
            limits: { maxConcurrentTransfers: limit },
          }),
        }),
    ],
    ['useClass', (useClass) => StreamIngestionModule.forRootAsync({ imports: [SettingsModule], useClass })],
    ['useExisting', (useExisting) => StreamIngestionModule.forRootAsync({ imports: [OptionsModule], useExisting })],
  ])('takes its options from %s', async (_kind, make) => {
    const module = await startKept([make(OptionsFactory)]);
    expect(module.get(TransferRegistry).maxConcurrent).toBe(7);
    expect(module.get(StoreRegistry).names).toEqual(['made']);
  });

  it('makes stores and sinks with dependencies of their own, and injects them', async () => {
    const other = memoryStore();
    const module = await startKept(
      [
        StreamIngestionModule.forRoot({
          imports: [SettingsModule],
          stores: { other },
          storeProviders: [
            { name: 'classy', useClass: StoreWithDependency },
            { name: 'made', inject: [Settings], useFactory: (settings: Settings) => new StoreWithDependency(settings) },
          ],
          sinkProviders: [{ name: 'counter', useClass: CountingSinks }],
          defaultStore: 'classy',
        }),
      ],
      [Consumer],
    );
    const { byDefault, other: injected, counter, ingestion } = module.get(Consumer);
    expect(byDefault).toBeInstanceOf(StoreWithDependency);
    expect((byDefault as StoreWithDependency).settings.root).toBe('the root');
    expect((module.get(StoreRegistry).get('made') as StoreWithDependency).settings.limit).toBe(7);
    expect(injected).toBe(other);
    const report = await ingestion.ingestInto([Buffer.from('three')], () => counter.createSink({}));
    expect(report.result).toBe(35);
    expect((await ingestion.ingestInto<number>([Buffer.from('two')], 'counter')).result).toBe(21);
  });

  it('injects stores that an asynchronous factory makes, where it is told their names', async () => {
    const other = memoryStore();
    const module = await startKept(
      [
        StreamIngestionModule.forRootAsync({
          useFactory: () => ({ stores: { first: memoryStore(), other } }),
          storeNames: ['other'],
          imports: [SettingsModule],
          sinkProviders: [{ name: 'counter', useClass: CountingSinks }],
        }),
      ],
      [Consumer],
    );
    expect(module.get(Consumer).other).toBe(other);
  });

  it('is there for every module where it is global', async () => {
    @Module({ providers: [{ provide: 'there', inject: [IngestionService], useFactory: (it: unknown) => it }] })
    class ElsewhereModule {}
    @Global()
    @Module({})
    class UnrelatedModule {}
    const stores = { memory: memoryStore() };
    const module = await startKept([
      StreamIngestionModule.forRoot({ stores, isGlobal: true }),
      ElsewhereModule,
      UnrelatedModule,
    ]);
    expect(module.get('there', { strict: false })).toBeInstanceOf(IngestionService);
    await expect(start([StreamIngestionModule.forRoot({ stores }), ElsewhereModule])).rejects.toThrow(
      'IngestionService',
    );
  });

  it('starts a store of files, and stores in it', async () => {
    const root = await mkdtemp(join(tmpdir(), 'module-'));
    try {
      const module = await startKept([StreamIngestionModule.forRoot({ stores: { files: fsStore({ root }) } })]);
      await module.get(IngestionService).ingest([Buffer.from('hello')], { key: 'a/b' });
      expect((await readdir(root, { recursive: true })).filter((name) => name.endsWith(join('a', 'b')))).toHaveLength(
        1,
      );
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it.each<[string, StreamIngestionOptions]>([
    ['defaultStore must be one of a, but it is "b"', { stores: { a: memoryStore() }, defaultStore: 'b' }],
    ['no store or sink is registered: give stores, storeProviders or sinkProviders', {}],
    [
      'stores: a name must be 1 to 64 letters, digits, "-" or "_", but one is "a b"',
      { stores: { 'a b': memoryStore() } },
    ],
    [
      'stores: "a" is registered twice',
      {
        stores: [
          { name: 'a', store: memoryStore() },
          { name: 'a', store: memoryStore() },
        ],
      },
    ],
    ['stores: "a" is not a store: it lacks createSink or open', { stores: { a: {} as Store } }],
    [
      'limits.maxUploadBytes must be a whole number, 0 or more, but it is -1',
      { stores: { a: memoryStore() }, limits: { maxUploadBytes: -1 } },
    ],
    [
      'limits.maxConcurrentTransfers must be a whole number, 1 or more, but it is 0',
      { stores: { a: memoryStore() }, limits: { maxConcurrentTransfers: 0 } },
    ],
    [
      'limits.idleTimeoutMs must be a whole number, from 0 to 2147483647, but it is 0.5',
      { stores: { a: memoryStore() }, limits: { idleTimeoutMs: 0.5 } },
    ],
    [
      'limits.multipart.maxFiles must be a whole number, 0 or more, or Infinity, but it is -1',
      { stores: { a: memoryStore() }, limits: { multipart: { maxFiles: -1 } } },
    ],
    [
      'defaults.digests must be of sha256, sha512, sha384, sha1, md5, crc32, crc32c, but it holds sha3',
      { stores: { a: memoryStore() }, defaults: { digests: ['sha3' as 'sha256'] } },
    ],
    [
      'defaults.unitBytes must be a whole number, from 1 to 1073741824, but it is 0',
      { stores: { a: memoryStore() }, defaults: { unitBytes: 0 } },
    ],
    [
      'shutdown.graceMs must be a whole number, from 0 to 2147483647, but it is NaN',
      { stores: { a: memoryStore() }, shutdown: { graceMs: NaN } },
    ],
    [
      'recentTransfers must be a whole number, from 0 to 100000, but it is -1',
      { stores: { a: memoryStore() }, recentTransfers: -1 },
    ],
  ])('refuses to start in one line: %s', async (message, options) => {
    await expect(start([StreamIngestionModule.forRoot(options)])).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message,
    });
  });

  it('runs in an application without HTTP', async () => {
    const failures: unknown[] = [];
    config.onUnhandledError = (error) => void failures.push(error);
    const options = { stores: { a: memoryStore() } };
    const app = await NestFactory.createApplicationContext(StreamIngestionModule.forRoot(options), { logger: false });
    const { result } = await app.get(IngestionService).ingest([Buffer.from('x')], { key: 'k' });
    expect(result.size).toBe(1);
    // What a subscriber throws reaches nobody but a timer.
    await sleep(5);
    await app.close();
    config.onUnhandledError = null;
    expect(failures).toEqual([]);
  });
});
