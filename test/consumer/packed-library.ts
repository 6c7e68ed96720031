import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.js';

export const LIBRARY = 'nestjs-stream-ingestion';

const repository = resolve(__dirname, '../..');
const librarySources = join(repository, 'libs/stream-ingestion');

/** What of a package.json these tests look at. */
export interface PackageManifest {
  readonly name: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface RunResult {
  readonly exitCode: number;
  /** Both streams, stdout first. */
  readonly output: string;
}

/** Runs Node to its end, in a folder. */
export function runNode(folder: string, args: readonly string[]): RunResult {
  try {
    const output = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return { exitCode: 0, output };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number | null; stdout: string; stderr: string };
    return { exitCode: status ?? -1, output: `${stdout}${stderr}` };
  }
}

/**
 * The library as `npm pack` makes it, and applications that have it installed.
 *
 * An application's node_modules holds the unpacked library, its dependencies and the packages that the application is
 * given, and no others, so that a package which is not there is really not found. They are links into the workspace:
 * no network is needed.
 */
export class PackedLibrary {
  private readonly applications: string[] = [];

  private constructor(
    private readonly tarball: string,
    /** The unpacked package. */
    readonly folder: string,
    readonly manifest: PackageManifest,
  ) {}

  static async pack(): Promise<PackedLibrary> {
    const root = await makeTemporaryFolder();
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', root], {
      cwd: librarySources,
      stdio: 'pipe',
      shell: process.platform === 'win32',
    });
    const [tarballName] = (await readdir(root)).filter((name) => name.endsWith('.tgz'));
    if (tarballName === undefined) throw new Error('npm pack made no tarball');
    const tarball = join(root, tarballName);
    execFileSync('tar', ['-xzf', tarball, '-C', root]);
    const folder = join(root, 'package');
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageManifest;
    return new PackedLibrary(tarball, folder, manifest);
  }

  /** Subpaths that are code: `.`, `./engine` and so on. */
  get subpaths(): string[] {
    return Object.keys(this.manifest.exports).filter((subpath) => subpath !== './package.json');
  }

  /** A new application with these packages beside the library; `fixture` is a folder under fixtures/. */
  async install(packages: readonly string[], fixture?: string): Promise<string> {
    const application = await makeTemporaryFolder();
    this.applications.push(application);
    const modules = join(application, 'node_modules');
    await mkdir(join(modules, LIBRARY), { recursive: true });
    execFileSync('tar', ['-xzf', this.tarball, '-C', join(modules, LIBRARY), '--strip-components=1']);
    for (const name of [...Object.keys(this.manifest.dependencies), ...packages]) {
      const link = join(modules, name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(repository, 'node_modules', name), link, 'dir');
    }
    if (fixture === undefined) await writeFile(join(application, 'package.json'), '{ "private": true }');
    else await cp(join(__dirname, 'fixtures', fixture), application, { recursive: true });
    return application;
  }

  async remove(): Promise<void> {
    await removeFolder(dirname(this.folder));
    for (const application of this.applications) await removeFolder(application);
  }
}
