/**
 * Lints code that is not on disk, each snippet as if it stood in the file it names, and prints the findings as JSON.
 * A process of its own: ESLint loads its configuration by `import()`, which jest's sandbox does not offer.
 *
 * stdin: `[{ "file": "libs/…/x.ts", "code": "…" }]` · stdout: `[["floors/imports: message", …], …]`
 */
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

// The floors need no types, and most of these files do not exist.
const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });

const findings = [];
for (const { file, code } of JSON.parse(await text(process.stdin))) {
  const results = await eslint.lintText(code, { filePath: file });
  findings.push(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)));
}
process.stdout.write(JSON.stringify(findings));
