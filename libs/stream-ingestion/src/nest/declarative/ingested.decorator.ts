import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { nativeRequestOf } from '../http/native-request.js';
import { ingestedOf, type Ingested as IngestedResult } from './ingested.js';

const ingestedIn = (context: ExecutionContext): IngestedResult =>
  ingestedOf(nativeRequestOf(context.switchToHttp().getRequest<object>()));

/**
 * The report of what `@Ingest()` has stored: an `IngestionReport<StoredObject>`. Of a form the one of its first file,
 * undefined where it had none.
 */
export const Ingested: () => ParameterDecorator = createParamDecorator(
  (_data: undefined, context: ExecutionContext) => ingestedIn(context).objects[0]?.report,
);

/** The reports of all files of the form, in order: `IngestionReport<StoredObject>[]`. Of a raw body there is one. */
export const IngestedFiles: () => ParameterDecorator = createParamDecorator(
  (_data: undefined, context: ExecutionContext) => ingestedIn(context).objects.map(({ report }) => report),
);

/** The fields of the form: a `FormFields`. */
export const IngestedFields: () => ParameterDecorator = createParamDecorator(
  (_data: undefined, context: ExecutionContext) => ingestedIn(context).fields,
);
