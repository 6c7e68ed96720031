import type { Transform } from '../contracts/index.js';
import type { TransferCommand } from './command-line.js';

/** Makes the transforms of one transfer after the other; they share one rate. Loads them only where there are any. */
export async function transformsOf({ codec, bytesPerSecond }: TransferCommand): Promise<() => readonly Transform[]> {
  if (codec === undefined && bytesPerSecond === undefined) return () => [];
  const { TokenBucket, gunzip, gzip, throttle } = await import('../transforms/index.js');
  const bucket = bytesPerSecond === undefined ? undefined : new TokenBucket({ bytesPerSecond });
  // Whoever types the command knows the file; a ratio that would be an attack on a server is a sparse file here.
  const codecs = { gzip: () => gzip(), gunzip: () => gunzip({ maxRatio: Infinity }) };
  return () => [
    ...(bucket === undefined ? [] : [throttle({ bucket })]),
    ...(codec === undefined ? [] : [codecs[codec]()]),
  ];
}
