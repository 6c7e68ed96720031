import type { IncomingMessage } from 'node:http';

import type { IngestionReport, StoredObject } from '../../contracts/index.js';
import { refuseOption } from '../module/option-checks.js';
import type { FormFields } from '../services/multipart/multipart-ingestion.js';

/** One object that a request has brought, and where it went. */
export interface IngestedObject {
  readonly report: IngestionReport<StoredObject>;
  readonly store: string | undefined;
}

export interface Ingested {
  readonly objects: readonly IngestedObject[];
  readonly fields: FormFields;
}

const INGESTED = Symbol('nestjs-stream-ingestion.ingested');

type WithIngested = IncomingMessage & { [INGESTED]?: Ingested };

export function setIngested(request: IncomingMessage, ingested: Ingested): void {
  (request as WithIngested)[INGESTED] = ingested;
}

/** @throws INVALID_OPTION where the route has no `@Ingest()`. */
export function ingestedOf(request: IncomingMessage): Ingested {
  const ingested = (request as WithIngested)[INGESTED];
  return ingested ?? refuseOption('@Ingested() needs @Ingest() on the same handler');
}
