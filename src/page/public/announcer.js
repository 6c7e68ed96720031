const element = document.getElementById('announcer');

/** Has a screen reader say something without moving the focus. */
export function announce(text) {
  element.textContent = text;
}
