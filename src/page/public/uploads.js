import { UploadItem } from './upload-item.js';

// Browsers open six connections to one host; the listing and the downloads need some.
const AT_ONCE = 3;

const list = document.getElementById('uploads');
const input = document.getElementById('file-input');
const folder = document.getElementById('folder');

/** @param {() => void} stored called whenever a file was stored. */
export function startUploads(stored) {
  const waiting = [];
  let running = 0;

  const next = () => {
    if (running >= AT_ONCE || waiting.length === 0) return;
    running += 1;
    const job = waiting.shift();
    void job().finally(() => {
      running -= 1;
      next();
    });
  };
  const enter = (job) => {
    waiting.push(job);
    next();
  };
  const add = (files) => {
    for (const file of files) {
      const item = new UploadItem(keyOf(file), file, { enter, stored });
      list.append(item.element);
      item.start();
    }
  };

  input.addEventListener('change', () => {
    add([...input.files]);
    // So that the same file can be chosen again.
    input.value = '';
  });
  acceptDrops(add);
}

function keyOf(file) {
  const parent = folder.value.split('/').filter(Boolean).join('/');
  return parent === '' ? file.name : `${parent}/${file.name}`;
}

function acceptDrops(add) {
  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;
  const mark = (on) => document.body.classList.toggle('dropping', on);
  document.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(false);
    add([...event.dataTransfer.files]);
  });
}
