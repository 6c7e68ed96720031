import type { ObjectMetadata } from '../../contracts/index.js';
import type { MultipartOptions } from '../../http/index.js';
import type { IngestionOptions } from '../services/ingest-target.js';
import type { FormFields } from '../services/multipart/multipart-ingestion.js';

/** An upload that is about to be read: a raw body, or one file of a form. */
export interface IncomingUpload {
  /** Name of the form's part; absent for a raw body. */
  readonly name?: string;
  /** What the client calls the file: a name without folders, but the client's choice. Absent for a raw body. */
  readonly filename?: string;
  /** The client's word, not a fact. */
  readonly contentType?: string;
  /** Fields of the form that came before the file; none for a raw body. */
  readonly fields: FormFields;
}

type Awaitable<T> = T | Promise<T>;

/** How `@Ingest()` stores what a request brings. */
export interface IngestPlan<Request extends object = object> {
  /**
   * Key of the object. Undefined: a file of a form is skipped, and a raw body refused with INVALID_KEY.
   */
  readonly key: (upload: IncomingUpload, request: Request) => Awaitable<string | undefined>;
  /** Default: the default store. */
  readonly store?: string | ((upload: IncomingUpload, request: Request) => Awaitable<string | undefined>);
  readonly metadata?: (upload: IncomingUpload, request: Request) => Awaitable<ObjectMetadata>;
  /** Which bodies are taken: forms, anything as it is, or forms as forms and the rest as it is. Default: `any`. */
  readonly body?: 'raw' | 'multipart' | 'any';
  /** Options of each object, asked for anew: transforms serve one transfer. */
  readonly options?: (request: Request) => Omit<IngestionOptions, 'signal' | 'keepSourceOnFailure'>;
  /** Limits of a form; what is absent is as the module was set up. */
  readonly limits?: Omit<MultipartOptions, 'signal'>;
  /**
   * Whether an object that the request has created is deleted again where the handler fails, so that a refused upload
   * leaves none. An object that was replaced cannot be brought back. Default: true.
   */
  readonly undoOnError?: boolean;
}

const INGEST_PLAN = 'nestjs-stream-ingestion:ingest';

export function setIngestPlan(handler: object, plan: IngestPlan): void {
  Reflect.defineMetadata(INGEST_PLAN, plan, handler);
}

export function ingestPlanOf(handler: object): IngestPlan | undefined {
  return Reflect.getMetadata(INGEST_PLAN, handler) as IngestPlan | undefined;
}
