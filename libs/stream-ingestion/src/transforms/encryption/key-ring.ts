import { refuseOption } from '../option-checks.js';
import type { EncryptionKey, EncryptionKeyProvider, MasterKey } from './encryption-key-provider.js';
import { requireKeyId, requireMasterKey } from './key-checks.js';

export interface KeyRingOptions {
  /** Id of the key for new objects; one of `keys`. */
  readonly current: string;
  /** Every key that an object may still need, by id. */
  readonly keys: Readonly<Record<string, MasterKey>>;
}

/**
 * A key provider for keys that the application already has, from its configuration, say. The keys are copied.
 *
 *     keyRing({ current: '2026-07', keys: { '2026-01': old, '2026-07': fresh } })
 *
 * Errors: INVALID_OPTION at construction.
 */
export function keyRing(options: KeyRingOptions): EncryptionKeyProvider {
  const keys = new Map<string, MasterKey>();
  for (const [id, key] of Object.entries(options.keys)) {
    keys.set(requireKeyId('keyRing', 'the id of a key', id), requireMasterKey('keyRing', `keys[${id}]`, key));
  }
  const key = keys.get(options.current);
  if (key === undefined) return refuseOption('keyRing', 'current', 'the id of one of the keys', options.current);
  const current: EncryptionKey = { id: options.current, key };
  return { getCurrentKey: () => current, getKey: (id) => keys.get(id) };
}
