import { DIGEST_ALGORITHMS } from '../contracts/index.js';

export const SHORT_USAGE = `Usage: stream-ingest put SOURCE... DESTINATION [options]
       stream-ingest get SOURCE DESTINATION [options]`;

export const HELP_TEXT = `${SHORT_USAGE}

Copies bytes of any amount with flat memory. A destination file appears when it
is complete and on disk; a run that fails or is interrupted leaves nothing.

  SOURCE        a file, a file:// URL, an http(s) URL, or - for standard input
  DESTINATION   a file, a directory, a file:// URL, or - for standard output;
                a directory for several sources

Options
  --digest ALGORITHM    digests of the bytes as they are written; several with
                        commas, or repeated:
                        ${DIGEST_ALGORITHMS.join(', ')}
  --gzip                compress
  --gunzip              decompress
  --range a-b           (get) only these bytes of the source, from 0, both ends
                        included; a- to the end, -n (as --range=-n) the last n
  --limit-rate RATE     read no more than that many bytes a second, all sources
                        together: 500K, 10M, 1.5G
  --concurrency N       how many sources at once, 1 to 64 (default 4)
  --json                report each transfer as one line of JSON on standard
                        output, or on standard error where the data goes to
                        standard output
  -q, --quiet           no progress bar, no summary; errors are still shown
  -h, --help            show this
      --version         show the version

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`;
