import assert from 'node:assert/strict';

import { DEFAULT_UNIT_BYTES } from '../../engine/index.js';
import type { Store, StoreCapabilities } from '../../contracts/index.js';
import type { ConformanceCase, ConformanceContext, StoreSubject } from './conformance-case.js';
import { STORE_CONFORMANCE_CASES } from './store-conformance-cases.js';

/** The part of a test runner that is needed; jest, vitest and node:test have it. */
export interface TestGlobals {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>, timeoutMs?: number) => unknown;
}

export interface StoreConformanceOptions {
  readonly name: string;
  /** What the store declares. Cases that need more do not apply, and are named together with the reason. */
  readonly capabilities: StoreCapabilities;
  /** Makes an empty store. Called once for each case. */
  create(): Promise<StoreSubject>;
  /** For one case, in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number;
  /** Default: all of {@link STORE_CONFORMANCE_CASES}. */
  readonly cases?: readonly ConformanceCase[];
}

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Registers the conformance cases with a test runner:
 *
 *     runStoreConformance({ describe, it }, { name: 'mine', capabilities: new MyStore().capabilities, create });
 */
export function runStoreConformance({ describe, it }: TestGlobals, options: StoreConformanceOptions): void {
  const { name, capabilities, timeoutMs = DEFAULT_TIMEOUT_MS, cases = STORE_CONFORMANCE_CASES } = options;
  describe(`store conformance: ${name}`, () => {
    for (const conformanceCase of [declarationCase(cases, capabilities), ...cases]) {
      if (!applies(conformanceCase, capabilities)) continue;
      it(conformanceCase.name, () => runCase(conformanceCase, options), timeoutMs);
    }
  });
}

function applies({ requires }: ConformanceCase, capabilities: StoreCapabilities): boolean {
  return requires === undefined || capabilities[requires];
}

/** The store declares what it was announced with; says which cases do not apply, and why. */
function declarationCase(cases: readonly ConformanceCase[], capabilities: StoreCapabilities): ConformanceCase {
  const left = cases.filter((one) => !applies(one, capabilities));
  const reasons = left.map((one) => `"${one.name}" does not apply without ${one.requires}`);
  return {
    name: ['declares its capabilities', ...reasons].join('; '),
    async run({ store }) {
      assert.deepEqual({ ...store.capabilities }, { ...capabilities });
    },
  };
}

async function runCase(conformanceCase: ConformanceCase, options: StoreConformanceOptions): Promise<void> {
  const subject = await options.create();
  const reopened: Store[] = [];
  try {
    const context: ConformanceContext = {
      store: subject.store,
      unitBytes: await unitBytesOf(subject.store),
      leftovers: async () => (await subject.leftovers?.()) ?? [],
      async reopen() {
        if (subject.reopen === undefined) throw new Error('a durable store must come with reopen()');
        const store = await subject.reopen();
        reopened.push(store);
        return store;
      },
    };
    await conformanceCase.run(context);
  } finally {
    for (const store of reopened) await store.close?.();
    await subject.cleanup();
  }
}

async function unitBytesOf(store: Store): Promise<number> {
  const sink = await store.createSink('unit-probe');
  await sink.abort('the sink was only asked for its unit');
  return sink.preferredUnitBytes ?? DEFAULT_UNIT_BYTES;
}
