import { random32 } from './random.js';

/**
 * The id of a hit, in decimal: 63 bits that sort by time, namely 33 bits of seconds since 1970,
 * 10 bits of the second's fraction and 20 random bits. Numbers hold 53 bits, hence BigInt.
 * @param {number} milliseconds since 1970
 * @param {number} random 32 bits, of which 20 are used
 */
export function hitId(milliseconds, random = random32()) {
  const time = (BigInt(milliseconds) * 1024n) / 1000n;
  return String((time << 20n) | BigInt(random >>> 12));
}
