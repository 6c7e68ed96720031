import type { IngestionReport, StoredObject } from '../../../contracts/index.js';
import type { Hold } from './hold.js';

/** One file of a batch: its transfer runs, but is held before it becomes visible. */
export interface HeldUpload {
  readonly hold: Hold;
  readonly report: Promise<IngestionReport<StoredObject>>;
  /** Takes back what was finalized, as far as that can be done. Must not throw. */
  readonly undo: (stored: StoredObject) => Promise<void>;
}

/** Uploads that become visible together, in order, once all of them are there. */
export class UploadBatch {
  readonly #held: HeldUpload[] = [];
  readonly #failed: Promise<never>;
  #fail: (error: unknown) => void = () => undefined;

  constructor() {
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Looked at with the next upload, if there is one.
    this.#failed.catch(() => undefined);
  }

  /**
   * Takes one more upload in and waits until its bytes are written.
   *
   * @throws what it fails with, or one of those before it that are held.
   */
  async add(upload: HeldUpload): Promise<void> {
    this.#held.push(upload);
    upload.report.catch((error: unknown) => this.#fail(error));
    await Promise.race([this.#failed, upload.hold.written]);
  }

  /**
   * Makes all of them visible, one after the other.
   *
   * Finalizing is where a store may still say no, to a precondition for one. What was visible by then is taken back
   * where it was new; an object that was replaced stays replaced, because the one before is gone.
   */
  async commit(): Promise<IngestionReport<StoredObject>[]> {
    const reports: IngestionReport<StoredObject>[] = [];
    try {
      for (const { hold, report } of this.#held) {
        hold.release();
        reports.push(await report);
      }
      return reports;
    } catch (error) {
      await this.discard(error);
      for (const [index, { result }] of reports.entries()) await this.#held[index]?.undo(result);
      throw error;
    }
  }

  /** Ends every upload that is not visible yet; resolves when nothing of them is left. */
  async discard(reason: unknown): Promise<void> {
    for (const { hold } of this.#held) hold.giveUp(reason);
    await Promise.allSettled(this.#held.map(({ report }) => report));
  }
}
