import { ServiceProcess, type ServiceOptions } from './service-process.js';
import { makeTemporaryFolder, removeFolder } from './temporary-folder.js';

export const HTTP_ADAPTERS = ['express', 'fastify'] as const;

export interface ServiceFixture {
  readonly service: ServiceProcess;
  /** A folder for the client's files, removed at the end. */
  readonly folder: string;
}

/** One running service for all tests of the enclosing `describe`. Its members can be read once the tests run. */
export function useService(options: ServiceOptions = {}): ServiceFixture {
  let service: ServiceProcess | undefined;
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    service = await ServiceProcess.start(options);
  }, 60_000);
  afterAll(async () => {
    await service?.dispose();
    if (folder !== undefined) await removeFolder(folder);
  });
  return {
    get service() {
      if (service === undefined) throw new Error('the service runs only while tests do');
      return service;
    },
    get folder() {
      if (folder === undefined) throw new Error('the folder is there only while tests run');
      return folder;
    },
  };
}
