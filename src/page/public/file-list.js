import { announce } from './announcer.js';
import { deleteFile, downloadAddress, fileAddress, listFiles } from './api.js';
import { formatBytes } from './format.js';

const rows = document.getElementById('files');
const rowTemplate = document.getElementById('file-template');
const problem = document.getElementById('list-problem');
const empty = document.getElementById('no-files');
const more = document.getElementById('more');
const filter = document.getElementById('filter');
const prefix = document.getElementById('prefix');

let nextCursor;
// Only the answer to the latest question may change the table.
let question = 0;

export function startFileList() {
  filter.addEventListener('submit', (event) => {
    event.preventDefault();
    void refreshFileList();
  });
  more.addEventListener('click', () => void showPage(nextCursor));
  void refreshFileList();
}

export function refreshFileList() {
  return showPage(undefined);
}

async function showPage(cursor) {
  const asked = ++question;
  try {
    const page = await listFiles(prefix.value, cursor);
    if (asked !== question) return;
    const added = page.objects.map(rowFor);
    if (cursor === undefined) rows.replaceChildren(...added);
    else rows.append(...added);
    nextCursor = page.nextCursor;
    showProblem('');
    if (cursor !== undefined) announce(`${added.length} more files`);
  } catch (error) {
    if (asked === question) showProblem(error.message);
  }
  updateEmptiness();
}

function rowFor(object) {
  const row = rowTemplate.content.firstElementChild.cloneNode(true);
  const name = row.querySelector('.open');
  name.textContent = object.key;
  name.href = fileAddress(object.key);
  row.querySelector('.size').textContent = formatBytes(object.size);
  const changed = row.querySelector('.changed');
  changed.dateTime = object.lastModified;
  changed.textContent = new Date(object.lastModified).toLocaleString();
  const download = row.querySelector('.download');
  download.href = downloadAddress(object.key);
  download.setAttribute('aria-label', `Download ${object.key}`);
  const remove = row.querySelector('.delete');
  remove.setAttribute('aria-label', `Delete ${object.key}`);
  remove.addEventListener('click', () => void removeRow(row, object.key));
  return row;
}

async function removeRow(row, key) {
  if (!confirm(`Delete ${key}?`)) return;
  try {
    await deleteFile(key);
  } catch (error) {
    // Somebody else deleted it first: what was asked for holds.
    if (error.status !== 404) return showProblem(`${key} was not deleted. ${error.message}`);
  }
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (neighbour?.querySelector('.delete') ?? prefix).focus();
  showProblem('');
  updateEmptiness();
  announce(`${key} is deleted`);
}

function showProblem(text) {
  problem.textContent = text;
  problem.hidden = text === '';
  if (text !== '') announce(text);
}

function updateEmptiness() {
  empty.hidden = rows.childElementCount > 0 || !problem.hidden;
  empty.textContent = prefix.value === '' ? 'No files yet.' : 'No file has a name that begins so.';
  more.hidden = nextCursor === undefined;
}
