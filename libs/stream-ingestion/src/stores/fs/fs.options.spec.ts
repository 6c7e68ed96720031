import { resolveFsStoreOptions } from './fs.options.js';

describe('options of the fs store', () => {
  it('have defaults', () => {
    expect(resolveFsStoreOptions({ root: '/data' })).toEqual({
      root: '/data',
      unitBytes: 1_048_576,
      fsync: true,
      writebackBytes: 33_554_432,
      fileMode: 0o600,
      directoryMode: 0o700,
      cachedSidecars: 1000,
    });
  });

  it('may be at their bounds', () => {
    for (const options of [
      { unitBytes: 4096, writebackBytes: 0, fileMode: 0o400, directoryMode: 0o700, cachedSidecars: 0 },
      { unitBytes: 67_108_864, writebackBytes: 1_048_576, fileMode: 0o777, directoryMode: 0o777, cachedSidecars: 1e6 },
    ]) {
      expect(resolveFsStoreOptions({ root: '.', ...options })).toMatchObject(options);
    }
  });

  it.each([
    [{ root: '' }, 'fs store: root must be the path of a directory'],
    [{ root: 'a\0b' }, 'fs store: root must be the path of a directory'],
    [{ unitBytes: 4095 }, 'fs store: unitBytes must be an integer from 4096 to 67108864'],
    [{ unitBytes: 67_108_865 }, 'fs store: unitBytes must be an integer from 4096 to 67108864'],
    [{ unitBytes: 5000.5 }, 'fs store: unitBytes must be an integer from 4096 to 67108864'],
    [{ writebackBytes: 1 }, 'fs store: writebackBytes must be an integer from 1048576 to 9007199254740991'],
    [{ fileMode: 0o200 }, 'fs store: fileMode must be an integer from 256 to 511'],
    [{ fileMode: 0o1777 }, 'fs store: fileMode must be an integer from 256 to 511'],
    [{ directoryMode: 0o600 }, 'fs store: directoryMode must be an integer from 448 to 511'],
    [{ cachedSidecars: -1 }, 'fs store: cachedSidecars must be an integer from 0 to 1000000'],
    [{ fsync: 'yes' as unknown as boolean }, 'fs store: fsync must be true or false'],
  ])('refuse %p', (options, message) => {
    expect(() => resolveFsStoreOptions({ root: '.', ...options })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }) as Error,
    );
  });
});
