/**
 * A transform by one of the library's own names, with the options of the function of that name:
 * `{ name: 'gzip', options: { level: 9 } }`.
 */
export interface NamedTransform {
  readonly name: string;
  /** Plain data: it is copied into the worker. Default: the function's own defaults. */
  readonly options?: unknown;
}

/**
 * A transform by the module that makes it. The module exports a function which takes `options` and returns (or
 * resolves to) a `ByteTransform` or a Node.js Transform in byte mode, a new one each time.
 */
export interface ModuleTransform {
  /** Absolute path, or a `file:` URL. The file is loaded by `import()`, so it is JavaScript, ESM or CommonJS. */
  readonly module: string | URL;
  /** Name of the exported function. Default: `default`. */
  readonly exportName?: string;
  /** Plain data: it is copied into the worker. Default: undefined. */
  readonly options?: unknown;
  /**
   * `own`: while it serves a transfer its thread serves no other, so whatever the module does ends that transfer
   * alone. `shared`: it runs beside other transfers on one of the shared threads, which takes less memory; a module that
   * blocks, exits or runs out of memory ends them too. Default: `own`.
   */
  readonly isolation?: 'own' | 'shared';
}

/** What is to run in a worker: a name without options, a name with options, or a module. */
export type TransformDeclaration = string | NamedTransform | ModuleTransform;

/** A checked declaration, as it is sent to a thread. */
export type ResolvedDeclaration =
  | { readonly kind: 'library'; readonly name: string; readonly options: unknown }
  | { readonly kind: 'module'; readonly url: string; readonly exportName: string; readonly options: unknown };

/** One or more declarations that run as one, the bytes crossing once each way. */
export interface ResolvedUnit {
  /** The transforms' names, joined by `+`. */
  readonly name: string;
  readonly isolation: 'own' | 'shared';
  readonly declarations: readonly ResolvedDeclaration[];
}
