/** Digest algorithms by the names that this library uses everywhere: lower case, no dash. */
export const DIGEST_ALGORITHMS = ['sha256', 'sha512', 'sha384', 'sha1', 'md5', 'crc32', 'crc32c'] as const;

export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** Digest values by algorithm, each lower-case hexadecimal. CRCs are big-endian, eight digits. */
export type Digests = Readonly<Partial<Record<DigestAlgorithm, string>>>;
