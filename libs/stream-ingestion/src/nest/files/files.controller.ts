import { Get, Inject, Put, Query, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { readRawUpload } from '../../http/upload/raw-upload.js';
import { UntouchedBody } from '../http/body-gate/untouched-body.decorator.js';
import { WildcardPath } from '../http/body-gate/wildcard-path.decorator.js';
import { exchangeOf } from '../http/exchange.js';
import { wildcardPathOf } from '../http/wildcard-path.js';
import { DeliveryService } from '../services/delivery.service.js';
import { IngestionService } from '../services/ingestion.service.js';
import { FILES_OPTIONS, type FilesModuleOptions } from './files-options.js';
import { objectReportOf, type ObjectReport } from './object-report.js';

/** Objects over HTTP; see `FilesModule.register`. */
export abstract class FilesController {
  @Inject(IngestionService) private readonly ingestion!: IngestionService;
  @Inject(DeliveryService) private readonly delivery!: DeliveryService;
  @Inject(FILES_OPTIONS) private readonly options!: FilesModuleOptions;
  @Inject(HttpAdapterHost) private readonly adapterHost!: HttpAdapterHost;

  @Put('*key')
  @WildcardPath()
  @UntouchedBody()
  async put(
    @Req() request: object,
    @Res({ passthrough: true }) response: object,
    @Query('store') store?: string,
  ): Promise<ObjectReport> {
    const exchange = exchangeOf(request, response);
    const { source, expectedBytes, ...upload } = readRawUpload(exchange.request);
    const { expectedDigests, ...target } = upload;
    const report = await this.ingestion.ingest(
      source,
      { ...target, key: wildcardPathOf(request, exchange), store: this.options.store ?? store },
      { expectedBytes, expectedDigests, keepSourceOnFailure: true },
    );
    const adapter = this.adapterHost.httpAdapter;
    adapter.status(response, report.result.created ? 201 : 200);
    adapter.setHeader(response, 'ETag', `"${report.result.etag}"`);
    return objectReportOf(report, this.options.store ?? store);
  }

  @Get('*key')
  @WildcardPath()
  async get(
    @Req() request: object,
    @Res() response: object,
    @Query('store') store?: string,
    @Query('download') downloadName?: string,
  ): Promise<void> {
    const key = wildcardPathOf(request, exchangeOf(request, response));
    await this.delivery.send(
      request,
      response,
      { key, store: this.options.store ?? store },
      { plan: { ...this.options.delivery, ...(downloadName === undefined ? {} : { downloadName }) } },
    );
  }
}
