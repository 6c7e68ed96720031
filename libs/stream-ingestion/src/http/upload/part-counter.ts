import { StreamIngestionError } from '../../contracts/index.js';
import type { ResolvedMultipartOptions } from './multipart-options.js';

type LimitName = Exclude<keyof ResolvedMultipartOptions, 'signal' | 'idleTimeoutMs' | 'maxHeaderBytes'>;

/** Holds one request to its limits. Every method throws LIMIT_EXCEEDED. */
export class PartCounter {
  readonly #limits: ResolvedMultipartOptions;
  #fields = 0;
  #files = 0;
  #totalFieldBytes = 0;
  #partBytes = 0;

  constructor(limits: ResolvedMultipartOptions) {
    this.#limits = limits;
  }

  beginPart(isFile: boolean): void {
    this.#partBytes = 0;
    if (isFile) this.#hold('maxFiles', (this.#files += 1));
    else this.#hold('maxFields', (this.#fields += 1));
    this.#hold('maxParts', this.#fields + this.#files);
  }

  addToFile(bytes: number): void {
    this.#hold('maxFileBytes', (this.#partBytes += bytes));
  }

  addToField(bytes: number): void {
    this.#hold('maxFieldBytes', (this.#partBytes += bytes));
    this.#hold('maxTotalFieldBytes', (this.#totalFieldBytes += bytes));
  }

  #hold(limit: LimitName, value: number): void {
    const maximum = this.#limits[limit];
    if (value <= maximum) return;
    throw new StreamIngestionError('LIMIT_EXCEEDED', `the multipart body passes ${limit}, which is ${maximum}`, {
      operation: 'multipart.parse',
      context: { limit, [limit]: maximum },
    });
  }
}
