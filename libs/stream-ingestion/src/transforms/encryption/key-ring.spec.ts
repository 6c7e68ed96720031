import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { thrownBy } from '../spec-support/drive-transform.js';
import { keyRing, type KeyRingOptions } from './key-ring.js';

describe('keyRing', () => {
  it('gives the current key and any key by its id', async () => {
    const ring = keyRing({ current: 'b', keys: { a: Buffer.alloc(32, 1), b: createSecretKey(Buffer.alloc(32, 2)) } });
    const current = await ring.getCurrentKey();
    expect(current.id).toBe('b');
    expect((current.key as KeyObject).export()).toEqual(Buffer.alloc(32, 2));
    expect(((await ring.getKey('a')) as KeyObject).export()).toEqual(Buffer.alloc(32, 1));
    expect(await ring.getKey('c')).toBeUndefined();
  });

  it('has no keys that nobody gave, whatever they are called', async () => {
    const ring = keyRing({ current: 'a', keys: { a: Buffer.alloc(32) } });
    expect(await ring.getKey('__proto__')).toBeUndefined();
    expect(await ring.getKey('constructor')).toBeUndefined();
  });

  it.each<[string, KeyRingOptions, string]>([
    ['a current key that is not there', { current: 'b', keys: { a: Buffer.alloc(32) } }, 'current'],
    ['an id of other characters', { current: 'ö', keys: { ö: Buffer.alloc(32) } }, 'the id of a key'],
    ['a key of 16 bytes', { current: 'a', keys: { a: Buffer.alloc(16) } }, 'keys[a]'],
    ['a KeyObject of 16 bytes', { current: 'a', keys: { a: createSecretKey(Buffer.alloc(16)) } }, 'keys[a]'],
    ['a public key', { current: 'a', keys: { a: generateKeyPairSync('ed25519').publicKey } }, 'keys[a]'],
  ])('refuses %s', (_what, options, option) => {
    expect(thrownBy(() => keyRing(options))).toMatchObject({ code: 'INVALID_OPTION', context: { option } });
  });

  it('does not tell a key that was given as text', () => {
    const keys = { a: 'secret-secret-secret-secret-1234' } as unknown as KeyRingOptions['keys'];
    expect((thrownBy(() => keyRing({ current: 'a', keys })) as Error).message).toBe(
      'keyRing: keys[a] must be 32 bytes, or a secret KeyObject of that size, got string',
    );
  });
});
