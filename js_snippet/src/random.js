/** 32 random bits. */
export function random32() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
