import type { IncomingMessage } from 'node:http';

import { StreamIngestionError } from '../../../contracts/index.js';
import { normalizeObjectKey } from '../../../engine/index.js';
import { type MultipartFile, type MultipartOptions, multipartParts } from '../../../http/index.js';
import type { IngestionOptions, IngestTarget } from '../ingest-target.js';
import type { IngestionRunner } from '../ingestion-runner.js';
import { HeldSink } from './held-sink.js';
import { Hold } from './hold.js';
import type { FileTarget, FormFields, MultipartIngestion } from './multipart-ingestion.js';
import { UploadBatch, type HeldUpload } from './upload-batch.js';

export interface MultipartRun {
  readonly request: IncomingMessage;
  readonly targetOf: FileTarget;
  readonly limits: MultipartOptions;
  /** Of each file. */
  readonly optionsOf: () => IngestionOptions;
}

/**
 * Stores the files of a form, one after the other as they come, and makes them visible only once the form was read to
 * its end: a form that is broken, cut off or refused half-way leaves nothing.
 *
 * Of one form only the first file is subject to admission: a form that was begun is read to its end.
 */
export async function ingestMultipart(runner: IngestionRunner, run: MultipartRun): Promise<MultipartIngestion> {
  const batch = new UploadBatch();
  const fields = new Map<string, string[]>();
  const taken = new Set<string>();
  let admission: 'required' | 'continued' = 'required';
  try {
    for await (const part of multipartParts(run.request, run.limits)) {
      if (part.kind === 'field') {
        fields.set(part.name, [...(fields.get(part.name) ?? []), part.value]);
        continue;
      }
      const target = await targetOf(part, fields, run.targetOf);
      if (target === undefined) {
        part.source.destroy();
        continue;
      }
      claim(taken, runner.labelOf(target));
      await batch.add(begin(runner, part, target, run.optionsOf(), admission));
      admission = 'continued';
    }
  } catch (error) {
    await batch.discard(error);
    throw error;
  }
  return { reports: await batch.commit(), fields };
}

/** @throws MALFORMED_INPUT for a second file of one form under one key: either would be lost, and nobody told. */
function claim(taken: Set<string>, { store, key = '' }: ReturnType<IngestionRunner['labelOf']>): void {
  const name = JSON.stringify([store, normalizeObjectKey(key)]);
  if (!taken.has(name)) {
    taken.add(name);
    return;
  }
  throw new StreamIngestionError('MALFORMED_INPUT', `the form has two files for the key "${key}"`, {
    operation: 'ingest.multipart',
  });
}

async function targetOf(
  part: MultipartFile,
  fields: FormFields,
  decide: FileTarget,
): Promise<IngestTarget | undefined> {
  const { kind: _kind, source: _source, ...file } = part;
  const target = await decide(file, fields);
  return target === undefined ? undefined : { contentType: part.contentType, ...target };
}

function begin(
  runner: IngestionRunner,
  { source }: MultipartFile,
  target: IngestTarget,
  options: IngestionOptions,
  admission: 'required' | 'continued',
): HeldUpload {
  const hold = new Hold();
  const createSink = runner.sinkOf(target, options);
  const report = runner.run({
    source,
    createSink: async (signal) => new HeldSink(await createSink(signal), hold),
    label: runner.labelOf(target),
    options,
    admission,
  });
  return { hold, report, undo: (stored) => runner.undo(target, stored) };
}
