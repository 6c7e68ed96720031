import { randomBytes } from 'node:crypto';

import type { ByteTransform, Emit, TransformResult } from '../../contracts/index.js';
import { refuseOption, requireInteger } from '../option-checks.js';
import {
  DEFAULT_KEY_ID,
  DEFAULT_SEGMENT_BYTES,
  MAX_SEGMENT_BYTES,
  MIN_SEGMENT_BYTES,
  NONCE_PREFIX_BYTES,
  SALT_BYTES,
} from './ciphertext-format.js';
import { deriveKeys } from './data-key.js';
import { encodeHeaderFields } from './encryption-header.js';
import type { EncryptionKeyProvider, MasterKey } from './encryption-key-provider.js';
import { requireKeyId, requireKeyProvider } from './key-checks.js';
import { keyForEncryption } from './key-lookup.js';
import { keyRing } from './key-ring.js';
import { SegmentCipher } from './segment-cipher.js';
import { SegmentGatherer } from './segment-gatherer.js';

interface SegmentOptions {
  /** Plaintext bytes of a segment, 64 to 1,048,576: the least that a random access reads. Default: 65,536. */
  readonly segmentBytes?: number;
}

export interface EncryptWithProviderOptions extends SegmentOptions {
  /** Asked for a key once, when the first bytes (or the end) have come. */
  readonly keyProvider: EncryptionKeyProvider;
  /** Id of the key to use. Default: whichever is the provider's current one. */
  readonly keyId?: string;
  readonly key?: never;
}

export interface EncryptWithKeyOptions extends SegmentOptions {
  /** 32 bytes; copied. */
  readonly key: MasterKey;
  /** Id under which `decrypt` will ask its provider for the key. Default: `default`. */
  readonly keyId?: string;
  readonly keyProvider?: never;
}

export type EncryptOptions = EncryptWithProviderOptions | EncryptWithKeyOptions;

/**
 * Encrypts with AES-256-GCM in segments, each authenticated together with its place, so that ranges can be decrypted
 * later. Every object has a key of its own, derived from the master key and a random salt: two encryptions of the same
 * bytes differ. The format is specified in `docs/reference/ciphertext-format.md`. Holds one segment.
 *
 *     encrypt({ keyProvider: keyRing({ current: 'k1', keys: { k1 } }) })
 *
 * `result().facts`: `keyId`, `segmentBytes`, `segments`.
 *
 * Errors: INVALID_OPTION at construction, and for a key of the provider that is none; TRANSFORM_FAILED where the
 * provider fails or lacks the key; LIMIT_EXCEEDED beyond 2^32 segments.
 */
export function encrypt(options: EncryptOptions): ByteTransform {
  const keyId = options.keyId === undefined ? undefined : requireKeyId('encrypt', 'keyId', options.keyId);
  return new EncryptTransform({
    ...keysOf(options, keyId),
    segmentBytes: requireSegmentBytes('encrypt', options.segmentBytes),
    salt: randomBytes(SALT_BYTES),
    noncePrefix: randomBytes(NONCE_PREFIX_BYTES),
  });
}

/** @throws INVALID_OPTION. */
export function requireSegmentBytes(factory: string, value: number = DEFAULT_SEGMENT_BYTES): number {
  return requireInteger(factory, 'segmentBytes', value, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
}

interface Keys {
  readonly keyProvider: EncryptionKeyProvider;
  readonly keyId: string | undefined;
}

function keysOf({ key, keyProvider }: EncryptOptions, keyId: string | undefined): Keys {
  if (key === undefined) return { keyProvider: requireKeyProvider('encrypt', keyProvider), keyId };
  if (keyProvider !== undefined) refuseOption('encrypt', 'key', 'absent where there is a keyProvider', key);
  const current = keyId ?? DEFAULT_KEY_ID;
  return { keyProvider: keyRing({ current, keys: { [current]: key } }), keyId: current };
}

export interface EncryptParts extends Keys {
  readonly segmentBytes: number;
  /** Never the same twice under one master key. */
  readonly salt: Uint8Array;
  readonly noncePrefix: Uint8Array;
}

/** For {@link encrypt}, which draws the salt, and for known-answer tests, which give it. */
export class EncryptTransform implements ByteTransform {
  readonly name = 'encrypt';
  readonly #parts: EncryptParts;
  readonly #gatherer: SegmentGatherer;
  #cipher: SegmentCipher | undefined;
  #keyId: string | undefined;
  #segments = 0;

  constructor(parts: EncryptParts) {
    this.#parts = parts;
    this.#gatherer = new SegmentGatherer(parts.segmentBytes);
  }

  async transform(chunk: Uint8Array, emit: Emit, signal: AbortSignal): Promise<void> {
    const cipher = this.#cipher ?? (await this.#begin(emit, signal));
    for (const parts of this.#gatherer.add(chunk)) await this.#seal(cipher, parts, false, emit);
  }

  async flush(emit: Emit, signal: AbortSignal): Promise<void> {
    const cipher = this.#cipher ?? (await this.#begin(emit, signal));
    await this.#seal(cipher, [this.#gatherer.rest()], true, emit);
  }

  result(): TransformResult {
    const { segmentBytes } = this.#parts;
    return { facts: { segmentBytes, segments: this.#segments, ...(this.#keyId && { keyId: this.#keyId }) } };
  }

  destroy(): void {
    this.#gatherer.wipe();
  }

  async #begin(emit: Emit, signal: AbortSignal): Promise<SegmentCipher> {
    const { keyProvider, keyId, segmentBytes, salt, noncePrefix } = this.#parts;
    const master = await keyForEncryption({ keyProvider, failureCode: 'TRANSFORM_FAILED', signal }, keyId);
    const fields = encodeHeaderFields({ keyId: master.id, segmentBytes, salt, noncePrefix });
    const { dataKey, commitment } = deriveKeys(master.key, salt, fields);
    this.#keyId = master.id;
    this.#cipher = new SegmentCipher(dataKey, noncePrefix);
    await emit(Buffer.concat([fields, commitment]));
    return this.#cipher;
  }

  async #seal(cipher: SegmentCipher, parts: readonly Uint8Array[], last: boolean, emit: Emit): Promise<void> {
    const sealer = cipher.sealer(this.#segments, last);
    for (const part of parts) {
      if (part.byteLength === 0) continue;
      const busy = emit(sealer.update(part));
      if (busy !== undefined) await busy;
    }
    sealer.final();
    this.#segments += 1;
    const busy = emit(sealer.getAuthTag());
    if (busy !== undefined) await busy;
  }
}
