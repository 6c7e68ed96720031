import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { compileGuides, readGuide, type GuideBlock } from '../support/guide.js';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.js';

const GUIDES = ['getting-started', 'uploads', 'downloads', 'operations'];
const STATED_ADDRESS = 'http://127.0.0.1:3000';

/** As a reader's curl, but it must succeed. */
const SHELL_HEAD = 'set -euo pipefail; curl() { command curl --silent --show-error --fail-with-body "$@"; }\n';

describe('the guides', () => {
  let folder = '';
  const guides: Record<string, GuideBlock[]> = {};
  let diagnostics: string[] = [];

  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    for (const guide of GUIDES) guides[guide] = await readGuide(`docs/guides/${guide}.md`);
    guides['readme'] = await readGuide('README.md');
    diagnostics = await compileGuides(folder, guides);
  }, 120_000);

  afterAll(async () => removeFolder(folder));

  it('compile as they stand, strictly', () => {
    expect(diagnostics).toEqual([]);
  });

  it.each(GUIDES)(
    'of %s do what they say',
    async (guide) => {
      const cwd = join(folder, guide, 'desk');
      await mkdir(cwd);
      await writeFile(join(cwd, 'film.mkv'), Buffer.alloc(3_000_000, 'film'));
      await writeFile(join(cwd, 'photo.jpg'), Buffer.alloc(10_000, 'photo'));
      await writeFile(join(cwd, 'access.log'), Buffer.alloc(1_000_000, 'GET / 200\n'));
      const { app, url } = await startApplication(join(folder, guide, 'main.js'), cwd);
      try {
        const blocks = guides[guide] ?? [];
        for (const [index, { language, text: script }] of blocks.entries()) {
          if (language !== 'sh') continue;
          const output = await runShell(script.replaceAll(STATED_ADDRESS, url), cwd);
          const stated = blocks[index + 1];
          // Of several commands it is the last whose output a guide shows.
          if (stated?.language === 'json') {
            expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual(JSON.parse(stated.text));
          }
          if (stated?.language === '') expect(output.trimEnd().endsWith(stated.text.trimEnd())).toBe(true);
        }
      } finally {
        app.kill('SIGTERM');
      }
      const [code] = (await once(app, 'exit')) as [number | null];
      expect(code).toBe(0);
    },
    60_000,
  );
});

async function startApplication(main: string, cwd: string): Promise<{ app: ChildProcess; url: string }> {
  const app = spawn(process.execPath, [main], {
    cwd,
    env: { PATH: process.env.PATH, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of app.stdout) {
    output += String(chunk);
    const port = /^listening on \S+:(\d+)$/m.exec(output)?.[1];
    if (port !== undefined) return { app, url: `http://127.0.0.1:${port}` };
  }
  throw new Error(`the application of a guide did not start:\n${output}`);
}

async function runShell(script: string, cwd: string): Promise<string> {
  const shell = spawn('bash', ['-c', SHELL_HEAD + script], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(shell, 'close');
  const [output, errors] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  const [code] = (await exited) as [number];
  if (code !== 0) throw new Error(`exit code ${code}:\n${script}\n${output}\n${errors}`);
  return output;
}
