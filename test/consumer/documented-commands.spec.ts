import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { filesBelow } from '../support/temporary-folder.js';

const repository = resolve(__dirname, '../..');

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

/** Names of scripts in `npm start`, `npm test` and `npm run …`. */
function scriptsNamedIn(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
    ([, script, shorthand]) => script ?? shorthand ?? '',
  );
}

describe('what the documents tell to run', () => {
  it('is there', async () => {
    const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as Manifest;
    const documents = ['README.md', 'CONTRIBUTING.md', '.ci/run'];
    const guides = (await filesBelow(join(repository, 'docs'))).filter((path) => path.endsWith('.md'));

    const named: string[] = [];
    for (const path of [...documents, ...guides.map((guide) => join('docs', guide))]) {
      const text = await readFile(join(repository, path), 'utf8');
      const missing = scriptsNamedIn(text).filter((script) => !Object.hasOwn(scripts, script));
      expect({ path, missing }).toEqual({ path, missing: [] });
      named.push(...scriptsNamedIn(text));
    }

    expect(named).toEqual(expect.arrayContaining(['start', 'test', 'lint']));
  });
});
