/**
 * Runs our part of the work: whatever goes wrong in it, the page does not notice.
 * @template T
 * @param {() => T} task
 * @returns {T | undefined}
 */
export const quietly = (task) => {
  try {
    return task();
  } catch {
    // Nobody but us would know what to do about it.
  }
};
