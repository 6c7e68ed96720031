import type { IncomingMessage } from 'node:http';

import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, defer, from, mergeMap, throwError, type Observable } from 'rxjs';

import { StreamIngestionError, type IngestionReport, type StoredObject } from '../../contracts/index.js';
import { parseMediaType } from '../../http/index.js';
import { nativeRequestOf } from '../http/native-request.js';
import { definedOf } from '../services/defined-of.js';
import type { IngestTarget } from '../services/ingest-target.js';
import { IngestionService } from '../services/ingestion.service.js';
import { ingestPlanOf, type IncomingUpload, type IngestPlan } from './ingest-plan.js';
import { setIngested, type Ingested } from './ingested.js';

/** Does what `@Ingest()` says. The request is read to its end before the handler runs, so nothing can wait for another. */
@Injectable()
export class IngestInterceptor implements NestInterceptor {
  constructor(private readonly ingestion: IngestionService) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const plan = ingestPlanOf(context.getHandler());
    if (plan === undefined) return next.handle();
    const request = context.switchToHttp().getRequest<object>();
    return defer(() => this.#ingest(plan, request)).pipe(
      mergeMap((ingested) => {
        setIngested(nativeRequestOf(request), ingested);
        if (plan.undoOnError === false) return next.handle();
        return next.handle().pipe(catchError((error: unknown) => this.#undo(ingested, error)));
      }),
    );
  }

  async #ingest(plan: IngestPlan, request: object): Promise<Ingested> {
    return isForm(plan, nativeRequestOf(request)) ? this.#ingestForm(plan, request) : this.#ingestRaw(plan, request);
  }

  async #ingestRaw(plan: IngestPlan, request: object): Promise<Ingested> {
    const { 'content-type': contentType } = nativeRequestOf(request).headers;
    const upload: IncomingUpload = { fields: new Map(), ...definedOf({ contentType }) };
    const target = await targetOf(plan, upload, request);
    if (target === undefined) {
      throw new StreamIngestionError('INVALID_KEY', 'this upload is not taken', { operation: 'ingest.key' });
    }
    const report = await this.ingestion.ingestRequest(request, target, plan.options?.(request));
    return { objects: [{ report, store: target.store }], fields: new Map() };
  }

  async #ingestForm(plan: IngestPlan, request: object): Promise<Ingested> {
    const stores: (string | undefined)[] = [];
    const { reports, fields } = await this.ingestion.ingestMultipart(
      request,
      async ({ headers: _headers, ...file }, fieldsSoFar) => {
        const target = await targetOf(plan, { ...file, fields: fieldsSoFar }, request);
        if (target !== undefined) stores.push(target.store);
        return target;
      },
      { ...definedOf({ limits: plan.limits }), perFile: () => plan.options?.(request) ?? {} },
    );
    const objects = reports.map((report: IngestionReport<StoredObject>, index) => ({ report, store: stores[index] }));
    return { objects, fields };
  }

  #undo({ objects }: Ingested, error: unknown): Observable<never> {
    const undone = Promise.all(objects.map(({ report, store }) => this.ingestion.undo(report.result, store)));
    return from(undone).pipe(mergeMap(() => throwError(() => error)));
  }
}

async function targetOf(plan: IngestPlan, upload: IncomingUpload, request: object): Promise<IngestTarget | undefined> {
  const key = await plan.key(upload, request);
  if (key === undefined) return undefined;
  const store = typeof plan.store === 'function' ? await plan.store(upload, request) : plan.store;
  return { key, store, metadata: await plan.metadata?.(upload, request) };
}

function isForm({ body = 'any' }: IngestPlan, { headers }: IncomingMessage): boolean {
  if (body !== 'any') return body === 'multipart';
  return parseMediaType(headers['content-type'] ?? '')?.essence === 'multipart/form-data';
}
