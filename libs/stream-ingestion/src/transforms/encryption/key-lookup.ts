import type { KeyObject } from 'node:crypto';

import { isStreamIngestionError, StreamIngestionError } from '../../contracts/index.js';
import { malformed } from './ciphertext-format.js';
import { openDataKey } from './data-key.js';
import type { ParsedHeader } from './encryption-header.js';
import type { EncryptionKeyProvider } from './encryption-key-provider.js';
import { requireKeyId, requireMasterKey } from './key-checks.js';

/** The work of whoever asks a provider: what a provider's failure is called. */
export interface KeyLookup {
  readonly keyProvider: EncryptionKeyProvider;
  readonly failureCode: 'TRANSFORM_FAILED' | 'SOURCE_FAILED';
  readonly signal: AbortSignal | undefined;
}

export interface ResolvedKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** @throws TRANSFORM_FAILED where the provider fails, or lacks the key; INVALID_OPTION where its key is none. */
export async function keyForEncryption(lookup: KeyLookup, keyId: string | undefined): Promise<ResolvedKey> {
  const { keyProvider, signal } = lookup;
  if (keyId === undefined) {
    const current = await asked('encrypt', lookup, () => keyProvider.getCurrentKey(signal));
    return {
      id: requireKeyId('encrypt', 'id of the current key', current.id),
      key: requireMasterKey('encrypt', `key ${current.id}`, current.key),
    };
  }
  const key = await asked('encrypt', lookup, () => keyProvider.getKey(keyId, signal));
  if (key !== undefined) return { id: keyId, key: requireMasterKey('encrypt', `key ${keyId}`, key) };
  throw new StreamIngestionError(lookup.failureCode, `encrypt: the key provider has no key ${keyId}`, {
    operation: 'encrypt.key',
    retry: 'never',
    context: { keyId },
  });
}

/**
 * The data key for a header that is thereby authenticated.
 *
 * @throws MALFORMED_INPUT for an unknown key id and for a header that does not verify; the lookup's failure code where
 * the provider fails; INVALID_OPTION where its key is none.
 */
export async function dataKeyFor(lookup: KeyLookup, header: ParsedHeader): Promise<KeyObject> {
  const { keyProvider, signal } = lookup;
  const { keyId } = header;
  const key = await asked('decrypt', lookup, () => keyProvider.getKey(keyId, signal));
  if (key === undefined) throw malformed('decrypt.key', `there is no key ${keyId}`, { keyId });
  return openDataKey(requireMasterKey('decrypt', `key ${keyId}`, key), header);
}

async function asked<T>(factory: string, { failureCode }: KeyLookup, ask: () => Promise<T> | T): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (isStreamIngestionError(cause)) throw cause;
    const operation = `${factory}.key`;
    throw new StreamIngestionError(failureCode, `${factory}: the key provider failed`, {
      operation,
      cause,
      retry: 'maybe',
    });
  }
}
