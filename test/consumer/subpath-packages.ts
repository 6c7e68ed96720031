const nest = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'];

/** What an application has to install for a subpath, besides the library. A subpath without an entry needs nothing. */
const packagesOfSubpath: Readonly<Record<string, readonly string[]>> = {
  '.': nest,
  './metrics': [...nest, '@willsoto/nestjs-prometheus', 'prom-client'],
  './health': [...nest, '@nestjs/terminus'],
};

export const packagesFor = (subpath: string): readonly string[] => packagesOfSubpath[subpath] ?? [];
