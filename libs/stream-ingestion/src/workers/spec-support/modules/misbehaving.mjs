/** Transforms for tests, one function each, that do what no transform should. */
import { writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { Transform } from 'node:stream';
import { setImmediate } from 'node:timers';

const passing = (transform) => ({ name: 'misbehaving', transform });

/** Adds one to every byte, in a buffer that is used again as soon as the chunk was emitted. */
export function increment() {
  return {
    name: 'increment',
    async transform(chunk, emit) {
      const next = Buffer.alloc(chunk.byteLength);
      for (let index = 0; index < chunk.byteLength; index += 1) next[index] = chunk[index] + 1;
      await emit(next);
      next.fill(0xee);
    },
    result: () => ({ facts: { incremented: true } }),
  };
}

/** Three times the input, byte by byte out of a pooled buffer, and more at the end. */
export function triple() {
  return {
    name: 'triple',
    async transform(chunk, emit) {
      for (let turn = 0; turn < 3; turn += 1) await emit(Buffer.from(chunk));
    },
    flush: (emit) => emit(Buffer.from('end')),
  };
}

export const nodeTransform = () =>
  new Transform({ transform: (chunk, _encoding, done) => done(null, Buffer.from(chunk).reverse()) });

export default () => passing((chunk, emit) => emit(chunk));

export function throwAt({ call }) {
  let calls = 0;
  return passing((chunk, emit) => {
    calls += 1;
    if (calls === call) throw Object.assign(new RangeError(`chunk ${call} is refused`), { code: 'E_REFUSED' });
    return emit(chunk);
  });
}

export const exitWith = ({ exitCode }) => passing(() => process.exit(exitCode));

export const throwLater = () =>
  passing(async () => {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    await new Promise(() => undefined);
  });

/** Keeps the first chunk for ever; writes a file when it has begun. */
export const neverAnswer = ({ begun } = {}) =>
  passing(() => {
    if (begun !== undefined) writeFileSync(begun, '');
    return new Promise(() => undefined);
  });

/** The same, without ever letting go of the thread. */
export const spin = ({ begun } = {}) =>
  passing(() => {
    if (begun !== undefined) writeFileSync(begun, '');
    for (;;);
  });

export const eatMemory = () =>
  passing(() => {
    const kept = [];
    for (;;) kept.push(new Array(10_000).fill({}).map(() => ({})));
  });

export const failToMake = () => {
  throw new Error('cannot be made');
};

export const makeNothing = () => undefined;

export const tellPriority = () => ({
  ...passing((chunk, emit) => emit(chunk)),
  result: () => ({ facts: { niceness: getPriority() } }),
});
