import { Delete, Get, HttpCode, Inject, Post, Put, Query, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { StreamIngestionError, type Store, type Transform, type TransferDirection } from '../../../contracts/index.js';
import { formatReprDigest, readUploadConditions } from '../../../http/index.js';
import { UntouchedBody } from '../../http/body-gate/untouched-body.decorator.js';
import { WildcardPath } from '../../http/body-gate/wildcard-path.decorator.js';
import { nativeRequestOf } from '../../http/native-request.js';
import { splitPath } from '../../http/wildcard-path.js';
import { definedOf } from '../../services/defined-of.js';
import { DeliveryService } from '../../services/delivery.service.js';
import { IngestionService } from '../../services/ingestion.service.js';
import { matchVersion } from '../../services/match-version.js';
import type { FileTarget } from '../../services/multipart/multipart-ingestion.js';
import { StoreRegistry } from '../../stores/store-registry.js';
import { queryNumber, queryText } from '../query-text.js';
import { FILES_OPTIONS, type FilesModuleOptions } from './files-options.js';
import { formFileKeys } from './form-file-keys.js';
import { listObjects, type ObjectList } from './list-objects.js';
import { describeUpload, type UploadDescription } from './object-description.js';
import { objectLocation } from './object-location.js';

/** Objects over HTTP. Mounted by `FilesModule.register`; every error is a problem document. */
export class FilesController {
  @Inject(IngestionService) private readonly ingestion!: IngestionService;
  @Inject(DeliveryService) private readonly delivery!: DeliveryService;
  @Inject(StoreRegistry) private readonly stores!: StoreRegistry;
  @Inject(FILES_OPTIONS) private readonly options!: FilesModuleOptions;
  @Inject(HttpAdapterHost) private readonly adapterHost!: HttpAdapterHost;

  /** The body, whatever its type, becomes the object. 201 where it is new, 200 where it replaced another. */
  @Put('*key')
  @WildcardPath()
  @UntouchedBody()
  async put(
    @Req() request: object,
    @Res({ passthrough: true }) response: object,
    @Query('store') storeParameter?: unknown,
  ): Promise<UploadDescription> {
    const store = this.#store(storeParameter);
    const { base, rest: key } = splitPath(request);
    const options = definedOf({ transforms: this.#transforms('ingest', request) });
    const report = await this.ingestion.ingestRequest(request, { key, store }, options);
    const { created, etag, digests } = report.result;
    const location = objectLocation(base, report.result.key, store);
    const adapter = this.adapterHost.httpAdapter;
    adapter.status(response, created ? 201 : 200);
    const fields = { ETag: `"${etag}"`, 'Repr-Digest': formatReprDigest(digests), Location: location };
    for (const [name, value] of Object.entries(definedOf(fields))) adapter.setHeader(response, name, value);
    return describeUpload(report, location);
  }

  /** Every file of a form becomes an object: under the `key` field before it, else `prefix` and its own name. */
  @Post()
  @UntouchedBody()
  async post(@Req() request: object, @Query('store') storeParameter?: unknown): Promise<UploadDescription[]> {
    const store = this.#store(storeParameter);
    const { base } = splitPath(request);
    const keyOf = formFileKeys();
    const targetOf: FileTarget = (file, fields) => {
      const key = keyOf(file, fields);
      return key === undefined ? undefined : { key, store };
    };
    const perFile = () => definedOf({ transforms: this.#transforms('ingest', request) });
    const { reports } = await this.ingestion.ingestMultipart(request, targetOf, { perFile });
    if (reports.length > 0) {
      return reports.map((report) => describeUpload(report, objectLocation(base, report.result.key, store)));
    }
    throw new StreamIngestionError('MALFORMED_INPUT', 'the form has no file', { operation: 'files.post' });
  }

  @Get()
  list(
    @Req() request: object,
    @Query('prefix') prefix?: unknown,
    @Query('limit') limit?: unknown,
    @Query('cursor') cursor?: unknown,
    @Query('store') storeParameter?: unknown,
  ): Promise<ObjectList> {
    const store = this.#store(storeParameter);
    const { base } = splitPath(request);
    const page = definedOf({
      prefix: queryText('prefix', prefix),
      limit: queryNumber('limit', limit),
      cursor: queryText('cursor', cursor),
    });
    return listObjects(this.stores.get(store), page, (key) => objectLocation(base, key, store));
  }

  /** GET and HEAD: Range, conditions and digests by RFC 9110 and 9530. */
  @Get('*key')
  @WildcardPath()
  async get(
    @Req() request: object,
    @Res() response: object,
    @Query('store') storeParameter?: unknown,
    @Query('download') download?: unknown,
  ): Promise<void> {
    const name = { key: splitPath(request).rest, store: this.#store(storeParameter) };
    const plan = { ...this.options.delivery, ...definedOf({ downloadName: queryText('download', download) }) };
    const transforms = definedOf({ transforms: this.#transforms('deliver', request) });
    await this.delivery.send(request, response, name, { plan, ...transforms });
  }

  @Delete('*key')
  @WildcardPath()
  @HttpCode(204)
  async delete(@Req() request: object, @Query('store') storeParameter?: unknown): Promise<void> {
    const store = this.stores.get(this.#store(storeParameter));
    const { rest: key } = splitPath(request);
    const { ifMatch, ifNoneMatch } = readUploadConditions(nativeRequestOf(request));
    if (ifNoneMatch !== undefined) await requireAbsent(store, key);
    const version = ifMatch === '*' ? undefined : await matchVersion(store, key, ifMatch);
    await store.delete(key, definedOf({ ifMatch: version }));
  }

  #transforms(direction: TransferDirection, request: object): readonly Transform[] | undefined {
    return this.options.transforms?.({ direction, request: nativeRequestOf(request) });
  }

  #store(parameter: unknown): string | undefined {
    return this.options.store ?? queryText('store', parameter);
  }
}

/** `If-None-Match: *` (RFC 9110, 13.1.2). @throws PRECONDITION_FAILED, or NOT_FOUND where there is nothing to delete. */
async function requireAbsent(store: Store, key: string): Promise<never> {
  await (await store.open(key)).close();
  throw new StreamIngestionError('PRECONDITION_FAILED', 'the object exists', { operation: 'files.delete' });
}
