import type { Socket } from 'node:net';

import { BandwidthLimits } from './bandwidth-limits.js';

const request = (remoteAddress: string) => ({ socket: { remoteAddress } as Socket });

describe('BandwidthLimits', () => {
  it.each([
    [undefined, undefined, 0],
    [1000, undefined, 1],
    [undefined, 1000, 1],
    [1000, 500, 2],
  ])('puts a total of %s and %s a client into %s transforms', (total, perClient, count) => {
    const limits = new BandwidthLimits({ total, perClient });
    expect(limits.transformsFor(request('192.0.2.1'))).toHaveLength(count);
  });
});
