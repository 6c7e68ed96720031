/**
 * The floors of the library, as data: which folder stands on which floor, and which packages it may load.
 *
 * A file imports from its own folder and from lower floors, never from another folder of its own floor. A new store, or
 * any other new folder, is an entry here; a folder without an entry is an error. Packages are those of the published
 * package.json: an optional peer belongs to one folder only, so that every other subpath loads without it.
 *
 * `onlyFor` names the folders that may import this one, where that is not everything above it: a prefix, or `nobody`.
 * Specs may import `testing` all the same.
 * `computedImports` permits `import(name)`, which nothing can check: for modules that an application names.
 */
const nest = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'];

export const FLOORS = [
  { folder: 'contracts', floor: 0, packages: [] },
  { folder: 'engine', floor: 1, packages: ['@node-rs/crc32'] },
  { folder: 'testing', floor: 1.5, packages: [], onlyFor: 'nobody' },
  { folder: 'store-kit', floor: 1.5, packages: [], onlyFor: 'stores/' },
  { folder: 'transforms', floor: 2, packages: [] },
  { folder: 'stores/memory', floor: 2, packages: [] },
  { folder: 'stores/fs', floor: 2, packages: [] },
  // Loads transforms of the application by address, in threads.
  { folder: 'workers', floor: 2.5, packages: [], computedImports: true },
  { folder: 'http', floor: 3, packages: ['structured-headers'] },
  { folder: 'nest', floor: 4, packages: nest },
  { folder: 'cli', floor: 4, packages: [], onlyFor: 'nobody' },
  { folder: 'nest/metrics', floor: 5, packages: [...nest, '@willsoto/nestjs-prometheus', 'prom-client'] },
  { folder: 'nest/health', floor: 5, packages: [...nest, '@nestjs/terminus'] },
  // The package's root index: what an application gets without a subpath.
  { folder: '.', floor: 5, packages: [] },
];

/** Where the floors are, from the root of the repository. */
export const LIBRARY_SOURCES = 'libs/stream-ingestion/src';
export const LIBRARY_NAME = 'nestjs-stream-ingestion';
