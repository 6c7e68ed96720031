import { announce } from './announcer.js';
import { fileExists, uploadFile } from './api.js';
import { formatBytes, formatSeconds } from './format.js';

const template = document.getElementById('upload-template');

/** One file on its way: its line on the page, and what its buttons do. */
export class UploadItem {
  #key;
  #file;
  #queue;
  #replace = false;
  #cancellation;
  #state;
  #progress;
  #buttons;

  /** @param {{ enter: (job: () => Promise<void>) => void, stored: () => void }} queue */
  constructor(key, file, queue) {
    this.#key = key;
    this.#file = file;
    this.#queue = queue;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.querySelector('.name').textContent = key;
    this.#state = this.element.querySelector('.state');
    this.#progress = this.element.querySelector('progress');
    this.#progress.setAttribute('aria-label', `Progress of ${key}`);
    this.#buttons = this.#wireButtons({
      cancel: () => this.#cancel(),
      retry: () => this.start(),
      replace: () => {
        this.#replace = true;
        this.start();
      },
      dismiss: () => this.element.remove(),
    });
  }

  /** Gets in line, for the first time or again. */
  start() {
    const cancellation = new AbortController();
    this.#cancellation = cancellation;
    this.#progress.value = 0;
    this.#show('waiting', `Waiting, ${formatBytes(this.#file.size)}`, ['cancel']);
    this.#queue.enter(() => this.#run(cancellation.signal));
  }

  /** Sends the file. Settles when it is stored, refused or cancelled; never rejects. */
  async #run(signal) {
    if (signal.aborted) return;
    try {
      await this.#send(signal);
      this.#progress.value = 1;
      this.#show('done', `Stored, ${formatBytes(this.#file.size)}`, ['dismiss']);
      announce(`${this.#key} is stored`);
      this.#queue.stored();
    } catch (error) {
      // What was cancelled has said so already.
      if (!signal.aborted) this.#explain(error);
    }
  }

  async #send(signal) {
    this.#show('running', 'Starting', ['cancel']);
    // Asked before the bytes travel; If-None-Match settles it where two come at once.
    if (!this.#replace && (await fileExists(this.#key))) throw new ExistsError();
    signal.throwIfAborted();
    const startedAt = performance.now();
    await uploadFile(this.#key, this.#file, {
      replace: this.#replace,
      signal,
      onProgress: (sentBytes) => this.#showProgress(sentBytes, (performance.now() - startedAt) / 1000),
    });
  }

  #explain(error) {
    if (error instanceof ExistsError || error.status === 412) {
      this.#show('failed', 'There is a file of this name already.', ['replace', 'dismiss']);
    } else {
      this.#show('failed', error.message, ['retry', 'dismiss']);
    }
    announce(`${this.#key} is not stored. ${this.#state.textContent}`);
  }

  #cancel() {
    this.#cancellation.abort(new DOMException('Cancelled', 'AbortError'));
    this.#show('cancelled', 'Cancelled', ['retry', 'dismiss']);
    announce(`${this.#key} is cancelled`);
  }

  #showProgress(sentBytes, seconds) {
    const { size } = this.#file;
    this.#progress.value = size === 0 ? 1 : sentBytes / size;
    const rate = seconds > 0 ? sentBytes / seconds : 0;
    const left = rate > 0 ? `, ${formatSeconds((size - sentBytes) / rate)} left` : '';
    this.#state.textContent =
      sentBytes < size
        ? `${formatBytes(sentBytes)} of ${formatBytes(size)}, ${formatBytes(rate)}/s${left}`
        : 'Sent, being stored';
  }

  #wireButtons(actions) {
    return Object.entries(actions).map(([name, action]) => {
      const button = this.element.querySelector(`.${name}`);
      button.setAttribute('aria-label', `${button.textContent} ${this.#key}`);
      button.addEventListener('click', action);
      return { name, button };
    });
  }

  #show(className, text, visibleButtons) {
    const hadFocus = this.element.contains(document.activeElement);
    this.element.className = `upload ${className}`;
    this.#state.textContent = text;
    for (const { name, button } of this.#buttons) button.hidden = !visibleButtons.includes(name);
    // A button that disappears must not take the keyboard's place with it.
    if (hadFocus) this.#buttons.find(({ button }) => !button.hidden)?.button.focus();
  }
}

class ExistsError extends Error {}
