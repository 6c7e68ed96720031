import { readFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import ts from 'typescript';

export interface GuideBlock {
  readonly language: string;
  /** What the first line says in a comment, `// main.ts`; a number otherwise. */
  readonly name: string;
  readonly text: string;
}

const BLOCK = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** The code blocks of a Markdown page, in order. */
export async function readGuide(path: string): Promise<GuideBlock[]> {
  const text = await readFile(path, 'utf8');
  return [...text.matchAll(BLOCK)].map(([, language = '', code = ''], index) => ({
    language,
    name: /^\/\/ (\S+\.ts)\n/.exec(code)?.[1] ?? `block-${index}.ts`,
    text: code,
  }));
}

/**
 * Makes a package of the pages' TypeScript, one folder a page, as a reader would: their own files, this repository's
 * `node_modules`, a strict compiler. Writes JavaScript beside each file.
 *
 * @returns what the compiler has to say; empty where all is well.
 */
export async function compileGuides(folder: string, guides: Readonly<Record<string, readonly GuideBlock[]>>) {
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const files: string[] = [];
  for (const [guide, blocks] of Object.entries(guides)) {
    await mkdir(join(folder, guide), { recursive: true });
    for (const { language, name, text } of blocks) {
      if (language !== 'ts') continue;
      const file = join(folder, guide, name);
      await writeFile(file, text);
      files.push(file);
    }
  }
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [resolve('node_modules/@types')],
  });
  const { diagnostics } = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({ file, start, messageText }) => {
    const line =
      file === undefined ? '' : `${file.fileName}:${ts.getLineAndCharacterOfPosition(file, start ?? 0).line + 1}`;
    return `${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
