export { ciphertextBytes, plaintextBytes, type CiphertextLayout } from './ciphertext-size.js';
export { decrypt, type DecryptOptions } from './decrypt.transform.js';
export { decryptingSource } from './decrypting.source.js';
export {
  encrypt,
  type EncryptOptions,
  type EncryptWithKeyOptions,
  type EncryptWithProviderOptions,
} from './encrypt.transform.js';
export type { EncryptionKey, EncryptionKeyProvider, MasterKey } from './encryption-key-provider.js';
export { keyRing, type KeyRingOptions } from './key-ring.js';
