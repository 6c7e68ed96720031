import { applyDecorators, UseInterceptors } from '@nestjs/common';

import { UntouchedBody } from '../http/body-gate/untouched-body.decorator.js';
import { setIngestPlan, type IngestPlan } from './ingest-plan.js';
import { IngestInterceptor } from './ingest.interceptor.js';

/**
 * Stores what the request brings, a raw body or the files of a form, before the handler runs; the handler gets the
 * reports. Guards run first, so nothing is read of a request that they refuse.
 *
 *     @Put('avatars/:id')
 *     @Ingest({ key: (_upload, request: Request) => `avatars/${request.params.id}` })
 *     save(@Ingested() report: IngestionReport<StoredObject>) {
 *       return { size: report.result.size };
 *     }
 */
export function Ingest<Request extends object = object>(plan: IngestPlan<Request>): MethodDecorator {
  const remember: MethodDecorator = (_target, _name, { value }) => {
    // The request that the application's functions are given is its own framework's.
    if (typeof value === 'function') setIngestPlan(value, plan as unknown as IngestPlan);
  };
  return applyDecorators(remember, UntouchedBody(), UseInterceptors(IngestInterceptor));
}
