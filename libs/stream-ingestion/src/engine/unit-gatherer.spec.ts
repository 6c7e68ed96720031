import fc from 'fast-check';

import { UnitGatherer } from './unit-gatherer.js';

const keeper = { retain: () => undefined };

describe('UnitGatherer', () => {
  it('copies thousands of single bytes into one chunk of a unit', () => {
    const gatherer = new UnitGatherer(keeper);
    for (let i = 0; i < 10_000; i += 1) gatherer.add(Uint8Array.of(i & 255));
    const unit = gatherer.take();

    expect(unit.bytes).toBe(10_000);
    expect(unit.pieces).toBe(10_000);
    expect(unit.chunks).toHaveLength(1);
  });

  it('keeps a large chunk without a copy', () => {
    const retained: Uint8Array[] = [];
    const gatherer = new UnitGatherer({ retain: (chunk) => retained.push(chunk) });
    const large = new Uint8Array(64 * 1024);
    gatherer.add(large);

    expect(gatherer.take().chunks[0]).toBe(large);
    expect(retained).toEqual([large]);
  });

  it('gives back every byte in order, whatever the chunk sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 60 }), fc.nat(59), (sizes, cut) => {
        const gatherer = new UnitGatherer(keeper);
        const chunks = sizes.map((size, index) => Buffer.alloc(size, index));
        const units = chunks.flatMap((chunk, index) => {
          gatherer.add(chunk);
          return index === cut ? [gatherer.take()] : [];
        });
        units.push(gatherer.take());

        expect(Buffer.concat(units.flatMap((unit) => unit.chunks)).equals(Buffer.concat(chunks))).toBe(true);
      }),
    );
  });
});
