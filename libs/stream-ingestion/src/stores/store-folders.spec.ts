import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FACTORY = /export \{[^}]*\b[a-z][A-Za-z0-9]*Store\b/;

function storeFolders(): string[] {
  return readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

describe('store folders', () => {
  it('are found', () => {
    expect(storeFolders()).toEqual(expect.arrayContaining(['fs', 'memory']));
  });

  describe.each(storeFolders())('%s', (folder) => {
    const names = readdirSync(join(__dirname, folder));
    const textOf = (name: string): string => readFileSync(join(__dirname, folder, name), 'utf8');

    it('hands its store to the shared conformance suite', () => {
      expect(names).toContain('conformance.spec.ts');
      const spec = textOf('conformance.spec.ts');
      expect(spec).toMatch(/^runStoreConformance\(/m);
      expect(spec).not.toMatch(/\bcases:|\.skip\b|\bxit\b|\bxdescribe\b|^\s*\/\/ *runStoreConformance/m);
    });

    it('has the same files as every other store, and a factory', () => {
      const roles = ['options', 'store', 'sink', 'source'].map((role) => `${folder}.${role}.ts`);
      expect(names).toEqual(expect.arrayContaining(['index.ts', ...roles]));
      expect(textOf('index.ts')).toMatch(FACTORY);
    });
  });
});
