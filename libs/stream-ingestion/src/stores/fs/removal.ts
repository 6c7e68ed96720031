import type { DeleteOptions } from '../../contracts/index.js';
import { isRealDirectory } from './containment.js';
import { sidecarName } from './file-identity.js';
import { notFound, quietly, systemCodeOf } from './fs-failure.js';
import type { Publication, PublicationParts } from './publication.js';

/** Deletes objects, together with the directories that only they had needed. */
export class Removal {
  readonly #parts: PublicationParts;
  readonly #publication: Publication;

  constructor(parts: PublicationParts, publication: Publication) {
    this.#parts = parts;
    this.#publication = publication;
  }

  /** @throws NOT_FOUND, PRECONDITION_FAILED, or the failed system call. */
  remove(key: string, { ifMatch }: DeleteOptions): Promise<void> {
    const { fs, layout, locks, lookup, directories, sidecars } = this.#parts;
    return locks.run(key, async () => {
      const found = await lookup.find(key);
      if (typeof found === 'string') throw notFound('fs.delete', key);
      if (!(await isRealDirectory(fs, layout.parentPath(key)))) throw notFound('fs.delete', key);
      if (ifMatch !== undefined) await this.#publication.require(key, { ifMatch }, 'fs.delete');
      try {
        await fs.unlink(layout.objectPath(key));
      } catch (error) {
        if (systemCodeOf(error) === 'ENOENT') throw notFound('fs.delete', key, error);
        throw error;
      }
      await this.#makeDurable(await directories.prune(layout.parentPath(key)));
      // Not before: after a crash the object may still be there, and needs it.
      await quietly(sidecars.remove(sidecarName(key, found)));
    });
  }

  async #makeDurable(directory: string): Promise<void> {
    const { directories, sync } = this.#parts;
    // Somebody else may prune what we have left.
    for (let lowest = directory; !(await sync.sync(lowest));) lowest = await directories.prune(lowest);
  }
}
