import { createSecretKey, KeyObject } from 'node:crypto';

import { StreamIngestionError } from '../../contracts/index.js';
import { refuseOption } from '../option-checks.js';
import { MASTER_KEY_BYTES, MAX_KEY_ID_BYTES } from './ciphertext-format.js';
import type { EncryptionKeyProvider, MasterKey } from './encryption-key-provider.js';

/** ASCII only, so that one id has one spelling and none can forge a line of a log. */
const KEY_ID = /^[\x21-\x7e]+$/;

export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_KEY_ID_BYTES && KEY_ID.test(value);
}

/** @throws INVALID_OPTION. */
export function requireKeyId(factory: string, option: string, value: unknown): string {
  if (isKeyId(value)) return value;
  return refuseOption(factory, option, `1 to ${MAX_KEY_ID_BYTES} visible ASCII characters`, value);
}

/**
 * A key of its own: what the caller does to the bytes afterwards does not matter.
 *
 * @throws INVALID_OPTION; the message never holds the value.
 */
export function requireMasterKey(factory: string, option: string, value: MasterKey): KeyObject {
  const key: unknown = value;
  if (key instanceof Uint8Array && key.byteLength === MASTER_KEY_BYTES) return createSecretKey(key);
  if (key instanceof KeyObject && key.type === 'secret' && key.symmetricKeySize === MASTER_KEY_BYTES) return key;
  const rule = `${MASTER_KEY_BYTES} bytes, or a secret KeyObject of that size`;
  throw new StreamIngestionError('INVALID_OPTION', `${factory}: ${option} must be ${rule}, got ${kindOf(key)}`, {
    operation: `${factory}.create`,
    context: { option },
  });
}

/** @throws INVALID_OPTION. */
export function requireKeyProvider(factory: string, value: EncryptionKeyProvider): EncryptionKeyProvider {
  const candidate = value as Partial<EncryptionKeyProvider> | null | undefined;
  if (typeof candidate?.getCurrentKey === 'function' && typeof candidate.getKey === 'function') return value;
  return refuseOption(factory, 'keyProvider', 'an object with getCurrentKey and getKey', value);
}

/** What it is, and nothing of what it says: it may be somebody's key in another form. */
function kindOf(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (value instanceof KeyObject)
    return value.type === 'secret' ? `${value.symmetricKeySize} bytes` : `a ${value.type} key`;
  return typeof value;
}
