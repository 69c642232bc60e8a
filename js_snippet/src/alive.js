const SIGNS = ['pointerover', 'keydown'];

/**
 * Calls `start` at the visitor's first sign of life.
 * @param {() => void} start
 */
export function whenAlive(start) {
  const alive = () => {
    for (const sign of SIGNS) removeEventListener(sign, alive, true);
    start();
  };
  for (const sign of SIGNS) addEventListener(sign, alive, true);
}
