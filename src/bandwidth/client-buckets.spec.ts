import { ClientBuckets } from './client-buckets.js';

describe('ClientBuckets', () => {
  it('gives a client the same bucket, and another one another', () => {
    const buckets = new ClientBuckets(1000);
    const first = buckets.bucketOf('192.0.2.1');
    expect(first.bytesPerSecond).toBe(1000);
    expect(buckets.bucketOf('192.0.2.1')).toBe(first);
    expect(buckets.bucketOf('192.0.2.2')).not.toBe(first);
  });
});
