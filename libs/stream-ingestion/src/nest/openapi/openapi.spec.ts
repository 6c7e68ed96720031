import { Controller, Get } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

import { startApplication } from '../../../../../test/support/nest-application.js';
import { memoryStore } from '../../stores/memory/index.js';
import { FilesModule } from '../controllers/files/files.module.js';
import { TransfersModule } from '../controllers/transfers/transfers.module.js';
import { StreamIngestionModule } from '../module/stream-ingestion.module.js';
import { filesOpenApiPaths } from './files-paths.js';
import { transfersOpenApiPaths } from './transfers-paths.js';

@Controller('own')
class OwnController {
  @Get()
  own(): string {
    return 'own';
  }
}

describe('OpenAPI', () => {
  it('describes the operations of the ready-made controllers, where they are mounted', () => {
    const files = filesOpenApiPaths({ path: '/api/things/' });
    expect(Object.entries(files).map(([path, item]) => [path, Object.keys(item)])).toEqual([
      ['/api/things', ['get', 'post']],
      ['/api/things/{key}', ['put', 'get', 'head', 'delete']],
    ]);
    const transfers = transfersOpenApiPaths();
    expect(Object.entries(transfers).map(([path, item]) => [path, Object.keys(item)])).toEqual([
      ['/transfers', ['get']],
      ['/transfers/events', ['get']],
      ['/transfers/{id}', ['get', 'delete']],
    ]);
    const operations = [...Object.values(files), ...Object.values(transfers)].flatMap((item) => Object.values(item));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(files['/api/things']?.['get']?.tags).toEqual(['things']);
  });

  it('takes the place of what @nestjs/swagger would make of the controllers', async () => {
    const { app } = await startApplication('express', {
      imports: [
        StreamIngestionModule.forRoot({ stores: { memory: memoryStore() }, isGlobal: true }),
        FilesModule.register(),
        TransfersModule.register(),
      ],
      controllers: [OwnController],
    });
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    await app.close();
    expect(Object.keys(document.paths)).toEqual(['/own']);
  });
});
