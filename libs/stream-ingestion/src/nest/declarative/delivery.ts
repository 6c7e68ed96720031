import type { DeliverySource } from '../../contracts/index.js';
import type { ObjectName, SendRequestOptions } from '../services/delivery.service.js';

const BRAND = Symbol.for('nestjs-stream-ingestion.delivery');

/**
 * What a handler under `@Deliver()` returns to have an object sent, with Range, conditions, digests and safe header
 * fields.
 *
 *     @Get('reports/:id')
 *     @Deliver()
 *     report(@Param('id') id: string) {
 *       return new Delivery({ key: `reports/${id}.pdf` }, { plan: { downloadName: 'report.pdf' } });
 *     }
 */
export class Delivery {
  readonly what: ObjectName | DeliverySource;
  readonly options: SendRequestOptions;

  /** @param what a key of the default store, an object's name, or a source, which is closed in the end. */
  constructor(what: string | ObjectName | DeliverySource, options: SendRequestOptions = {}) {
    this.what = typeof what === 'string' ? { key: what } : what;
    this.options = options;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True for a {@link Delivery} of this or any other copy of the package. */
export function isDelivery(value: unknown): value is Delivery {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}
