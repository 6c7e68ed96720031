import { StreamIngestionError } from '../contracts/index.js';
import type { FlowMeter } from './flow-meter.js';

export interface IdleLimits {
  /** A transfer that moves no byte for that long is aborted, in milliseconds. 0 or absent: never. */
  readonly idleTimeoutMs?: number | undefined;
  /** Least bytes a second, measured over each `idleTimeoutMs`. Default: any progress will do. */
  readonly minBytesPerSecond?: number | undefined;
}

/**
 * Calls `onIdle` when no byte, or fewer than the minimum rate, went in or out during a whole window.
 *
 * @returns a function that ends the watch.
 */
export function watchIdle(meter: FlowMeter, limits: IdleLimits, onIdle: (error: StreamIngestionError) => void) {
  const { idleTimeoutMs = 0, minBytesPerSecond = 0 } = limits;
  if (idleTimeoutMs <= 0) return () => undefined;
  const leastBytes = (minBytesPerSecond * idleTimeoutMs) / 1000;
  let before = snapshot(meter);
  const timer = setInterval(() => {
    const now = snapshot(meter);
    const rate = Math.max(now.bytesIn - before.bytesIn, now.bytesOut - before.bytesOut);
    // A slow throttle counts as movement, or its own slowness would end the transfer.
    const still = rate === 0 && now.bytesTransformed === before.bytesTransformed;
    before = now;
    if (!still && rate >= leastBytes) return;
    const wanted = still ? 'no byte' : `fewer than ${minBytesPerSecond} bytes a second`;
    onIdle(
      new StreamIngestionError('IDLE_TIMEOUT', `${wanted} moved for ${idleTimeoutMs} ms`, {
        operation: 'transfer.idle',
        context: { idleTimeoutMs, bytesIn: meter.bytesIn, bytesOut: meter.bytesOut },
      }),
    );
  }, idleTimeoutMs);
  timer.unref();
  return () => clearInterval(timer);
}

function snapshot({ bytesIn, bytesOut, bytesTransformed }: FlowMeter) {
  return { bytesIn, bytesOut, bytesTransformed };
}
