import { StreamIngestionError } from '../../contracts/index.js';
import { contentDisposition } from '../fields/content-disposition.js';
import { formatEntityTag } from '../fields/entity-tag.js';
import { formatHttpDate } from '../fields/http-date.js';
import { isFieldValue, isInert, safeContentEncoding, safeContentType } from './content-safety.js';
import type { DeliveryObject, DeliveryPlanOptions } from './delivery-plan.js';

/** `sandbox` takes scripts and the origin away; `default-src 'none'` keeps everything else from being loaded. */
const SANDBOX = "sandbox; default-src 'none'";
const DEFAULT_CACHE_CONTROL = 'private, no-cache, no-transform';

/** Header fields that say what the representation is and how it may be shown. */
export interface ContentFields {
  readonly contentType: string;
  readonly contentEncoding: string | undefined;
  /** Disposition, nosniff and, for untrusted content, the sandbox. */
  readonly safety: Readonly<Record<string, string>>;
}

export function contentFieldsOf(object: DeliveryObject, options: DeliveryPlanOptions): ContentFields {
  const contentType = safeContentType(object.contentType);
  const trusted = options.trusted ?? false;
  const inline = options.downloadName === undefined && (trusted || isInert(contentType));
  return {
    contentType,
    contentEncoding: safeContentEncoding(object.contentEncoding),
    safety: {
      'Content-Disposition': contentDisposition(
        inline ? 'inline' : 'attachment',
        options.downloadName === undefined || options.downloadName === '' ? object.key : options.downloadName,
      ),
      'X-Content-Type-Options': 'nosniff',
      ...(trusted ? {} : { 'Content-Security-Policy': SANDBOX }),
    },
  };
}

/**
 * Those fields of a 200 that a 304 repeats (RFC 9110, 15.4.5). The response varies with Accept-Encoding where the
 * object has a content coding.
 *
 * @throws INVALID_OPTION for a `cacheControl` that is no field value.
 */
export function cacheFieldsOf(
  object: DeliveryObject,
  contentEncoding: string | undefined,
  { cacheControl = DEFAULT_CACHE_CONTROL }: DeliveryPlanOptions,
): Record<string, string> {
  if (!isFieldValue(cacheControl)) {
    throw new StreamIngestionError('INVALID_OPTION', 'cacheControl must be text that a header field may hold', {
      operation: 'delivery.plan',
    });
  }
  return {
    ETag: formatEntityTag(object.etag),
    'Cache-Control': cacheControl,
    ...(contentEncoding === undefined ? {} : { Vary: 'Accept-Encoding' }),
  };
}

export function lastModifiedField(lastModified: Date | undefined): Record<string, string> {
  return lastModified === undefined ? {} : { 'Last-Modified': formatHttpDate(lastModified) };
}
