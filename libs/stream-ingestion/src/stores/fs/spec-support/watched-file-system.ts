import { nodeFileSystem, type FileSystem } from '../file-system.js';

type Call = (this: unknown, ...args: unknown[]) => unknown;

export interface Watch {
  /** Told of every call before it is made, and awaited; may throw in its place. */
  before?(name: string, path: string): Promise<void> | void;
  /** Told of every call that has succeeded. */
  after?(name: string, path: string): void;
}

/** The real file system, watched. Calls of open files are named `file.sync` and so on, with the path of the file. */
export function watchedFileSystem(watch: Watch): FileSystem {
  const watched = (name: string, path: string, target: object, call: Call): Call =>
    async function (...args) {
      try {
        await watch.before?.(name, path);
      } catch (error) {
        // A descriptor is gone also where close(2) has failed.
        if (name === 'file.close') await call.apply(target, args);
        throw error;
      }
      const result = await call.apply(target, args);
      watch.after?.(name, path);
      return result;
    };
  const watchFile = (file: object, path: string): object =>
    new Proxy(file, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        return watched(`file.${String(property)}`, path, target, value as Call);
      },
    });
  return new Proxy(nodeFileSystem, {
    get(target, property) {
      const call = Reflect.get(target, property) as Call;
      return async (...args: unknown[]) => {
        const path = String(property === 'link' || property === 'rename' ? args[1] : args[0]);
        const result = await watched(String(property), path, target, call)(...args);
        return property === 'open' ? watchFile(result as object, path) : result;
      };
    },
  });
}
