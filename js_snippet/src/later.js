/** @type {(() => unknown)[]} */
const due = [];

const now = () => {
  for (const task of due.splice(0)) task();
};
addEventListener('pagehide', now);

/**
 * Does something in a task of its own, so that what the visitor does need not wait for it; or when
 * the page is left, if that comes first.
 * @param {() => unknown} task
 */
export function later(task) {
  due.push(task);
  setTimeout(now);
}
