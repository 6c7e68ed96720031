#!/usr/bin/env node
import { inspect } from 'node:util';

import { EXIT_FAILED } from './exit-code.js';
import { runCli } from './run-cli.js';

// Whoever reads what is said here may stop reading: that is no error of ours, and there is nobody left to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = EXIT_FAILED;
  });
}

// Not process.exit: what was written to a pipe would be cut off.
runCli(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${inspect(error)}\n`);
    process.exitCode = EXIT_FAILED;
  },
);
