import { isStreamIngestionError } from 'nestjs-stream-ingestion/contracts';

import { SettingError, type Settings } from './settings/index.js';

/** The error of a start that failed, as the setting to be changed where it is about one. */
export function explainStartFailure(error: unknown, { port, host, dataDir }: Settings): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new SettingError('PORT', String(port), `free on ${host}: another process listens there`);
    case 'EACCES':
      if (syscallOf(error) !== 'listen') break;
      return new SettingError('PORT', String(port), 'one that this user may listen on');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SettingError('HOST', host, 'an address of this machine');
  }
  if (isStreamIngestionError(error) && error.operation?.startsWith('fs.') === true) {
    return new SettingError('DATA_DIR', dataDir, `a folder that can be written: ${error.message}`);
  }
  return error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function syscallOf(error: unknown): unknown {
  return error instanceof Error && 'syscall' in error ? error.syscall : undefined;
}
