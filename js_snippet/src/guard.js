/**
 * Runs our part of the work: whatever goes wrong in it, the page does not notice.
 * @template T
 * @param {() => T} task
 * @returns {T | undefined}
 */
export function quietly(task) {
  try {
    return task();
  } catch {
    return undefined;
  }
}

/**
 * Replaces `owner[name]`, where it exists, by a function that behaves the same to its caller.
 *
 * `prepare` sees the arguments and may change that array; it returns what is to be done once the
 * original has succeeded, or nothing to leave the call as it was.
 * @param {any} owner
 * @param {string} name
 * @param {(args: any[]) => (() => void) | undefined} prepare
 */
export function wrap(owner, name, prepare) {
  const original = owner?.[name];
  if (!original) return;
  owner[name] = /** @this {any} @param {any[]} args */ function (...args) {
    const changed = [...args];
    const succeeded = quietly(() => prepare(changed));
    const result = original.apply(this, succeeded ? changed : args);
    const pass = (/** @type {any} */ value) => {
      quietly(() => succeeded?.());
      return value;
    };
    // A promise is handed on as one that settles alike, so that the page still sees a rejection
    // that nobody handles.
    return result?.then ? result.then(pass) : pass(result);
  };
}

/**
 * @param {string} type
 * @param {(event: any) => unknown} handler
 */
export function listen(type, handler) {
  addEventListener(type, (event) => quietly(() => handler(event)));
}
