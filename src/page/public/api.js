/** The service as this page uses it. Addresses are relative, so that it also works below a path of a proxy. */

/** What went wrong, in words for people: the problem document's detail where there is one. */
export class RequestError extends Error {
  constructor(message, status) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
  }
}

/** `a b/c` becomes `files/a%20b/c`. */
export function fileAddress(key) {
  return `files/${key.split('/').map(encodeURIComponent).join('/')}`;
}

export function downloadAddress(key) {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return `${fileAddress(key)}?download=${encodeURIComponent(name)}`;
}

export async function listFiles(prefix, cursor) {
  const query = new URLSearchParams({ limit: '50' });
  if (prefix) query.set('prefix', prefix);
  if (cursor) query.set('cursor', cursor);
  const response = await request(`files?${query}`);
  return response.json();
}

export async function deleteFile(key) {
  await request(fileAddress(key), { method: 'DELETE' });
}

/** Whether something is stored under the key. */
export async function fileExists(key) {
  const response = await connect(fileAddress(key), { method: 'HEAD' });
  if (response.ok) return true;
  if (response.status === 404) return false;
  // The answer to HEAD has no body that could say why; that to GET has, and is only a byte where it succeeds.
  await request(fileAddress(key), { headers: { Range: 'bytes=0-0' } });
  return true;
}

/**
 * Uploads one file. XMLHttpRequest because `fetch` does not tell how much was sent.
 *
 * @param {{ replace: boolean, onProgress: (sentBytes: number) => void, signal: AbortSignal }} options
 */
export function uploadFile(key, file, { replace, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('PUT', fileAddress(key));
    call.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    if (!replace) call.setRequestHeader('If-None-Match', '*');
    call.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    call.addEventListener('load', () => {
      if (call.status >= 200 && call.status < 300) resolve();
      else reject(new RequestError(problemDetail(call.responseText, call.status), call.status));
    });
    call.addEventListener('error', () => reject(new RequestError('The connection was lost.', 0)));
    call.addEventListener('abort', () => reject(signal.reason));
    signal.addEventListener('abort', () => call.abort(), { once: true });
    call.send(file);
  });
}

async function request(address, options) {
  const response = await connect(address, options);
  if (response.ok) return response;
  throw new RequestError(problemDetail(await response.text(), response.status), response.status);
}

async function connect(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    throw new RequestError('The service cannot be reached.', 0);
  }
}

function problemDetail(text, status) {
  try {
    const problem = JSON.parse(text);
    return String(problem.detail ?? problem.title ?? `The service answered ${status}.`);
  } catch {
    return `The service answered ${status}.`;
  }
}
