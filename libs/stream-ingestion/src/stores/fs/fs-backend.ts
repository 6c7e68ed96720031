import { dirname, resolve } from 'node:path';

import { DirectorySync } from './directory-sync.js';
import type { FileSystem } from './file-system.js';
import { FsLayout } from './fs-layout.js';
import type { ResolvedFsStoreOptions } from './fs.options.js';
import { requireHardLinks } from './hard-link-probe.js';
import { KeyedLock } from './keyed-lock.js';
import { ObjectLookup } from './object-lookup.js';
import { ParentDirectories } from './parent-directories.js';
import { Publication } from './publication.js';
import { Removal } from './removal.js';
import { SidecarFolder } from './sidecar-folder.js';
import { SidecarSweep } from './sidecar-sweep.js';
import { SpaceReservations } from './space-reservations.js';
import { TemporaryArea } from './temporary-area.js';
import { VersionClock } from './version-clock.js';
import { WritebackGate } from './writeback.js';

/** The parts of a store that has been started. */
export interface FsBackend {
  readonly fs: FileSystem;
  readonly layout: FsLayout;
  readonly lookup: ObjectLookup;
  readonly sidecars: SidecarFolder;
  readonly sidecarSweep: SidecarSweep;
  readonly publication: Publication;
  readonly removal: Removal;
  readonly temporaryArea: TemporaryArea;
  readonly reservations: SpaceReservations;
  readonly writebackGate: WritebackGate;
}

/** Makes the directories, puts the parts together and sweeps what dead processes have left. */
export async function openFsBackend(fs: FileSystem, options: ResolvedFsStoreOptions): Promise<FsBackend> {
  const { fsync, fileMode, directoryMode, cachedSidecars } = options;
  const sync = new DirectorySync(fs, { enabled: fsync && process.platform !== 'win32' });
  const layout = await makeFolders(fs, sync, options);
  const clock = new VersionClock();
  const sidecars = new SidecarFolder({ fs, sync, layout, clock, fsync, fileMode, directoryMode, cachedSidecars });
  const lookup = new ObjectLookup(fs, layout, sidecars, cachedSidecars);
  const directories = new ParentDirectories({ fs, sync, root: layout.root, mode: directoryMode });
  const parts = { fs, layout, locks: new KeyedLock(), lookup, directories, sync, sidecars };
  const publication = new Publication(parts);
  const sidecarSweep = new SidecarSweep({ fs, layout, lookup, sidecars, directories });
  const recover = (draftPath: string): Promise<void> => sidecarSweep.recover(draftPath);
  const temporaryArea = await TemporaryArea.open({ fs, layout, fileMode, directoryMode, recover });
  try {
    await requireHardLinks(fs, temporaryArea);
  } catch (error) {
    await temporaryArea.close();
    throw error;
  }
  return {
    fs,
    layout,
    lookup,
    sidecars,
    sidecarSweep,
    publication,
    removal: new Removal(parts, publication),
    temporaryArea,
    reservations: new SpaceReservations(),
    writebackGate: new WritebackGate(),
  };
}

async function makeFolders(fs: FileSystem, sync: DirectorySync, options: ResolvedFsStoreOptions): Promise<FsLayout> {
  const mode = options.directoryMode;
  const root = resolve(options.root);
  const firstMade = await fs.mkdir(root, { recursive: true, mode });
  if (firstMade !== undefined) {
    for (let made = root; made !== dirname(firstMade); made = dirname(made)) await sync.sync(dirname(made));
  }
  const layout = new FsLayout(await fs.realpath(root));
  for (const folder of [layout.privateFolder, layout.temporaryFolder, layout.sidecarFolder]) {
    await fs.mkdir(folder, { recursive: true, mode });
    if ((await fs.realpath(folder)) !== folder) throw new Error(`${folder} must not be a symbolic link`);
  }
  await sync.sync(layout.privateFolder);
  await sync.sync(layout.root);
  return layout;
}
