// What hashids makes of its default alphabet: 14 separators and 48 other characters. The first four
// of these, once shuffled, are guards: they pad short texts, which never occur here.
const bothCases = (/** @type {string} */ letters) => letters + letters.toUpperCase();
const LETTERS = bothCases('abdegjklmnopqrvwxyz') + 1234567890;
const SEPARATORS = bothCases('cfhistu');

/**
 * The shuffle of hashids. `salt` holds at least one character.
 * @param {string} text
 * @param {string} salt
 */
function shuffle(text, salt) {
  const letters = [...text];
  for (let i = letters.length, turn = 0, sum = 0; --i; turn++) {
    turn %= salt.length;
    const code = salt.charCodeAt(turn);
    const other = (code + turn + (sum += code)) % i;
    const letter = letters[i];
    letters[i] = letters[other];
    letters[other] = letter;
  }
  return letters.join('');
}

/**
 * The token of one share: hashids over two numbers, salted with the site's key. It says how and in
 * which hour it was made, and nothing of the person.
 *
 * The second number has 42 bits, so operators on bits, which cut to 32, must not touch it.
 * @param {string} key the site's public key, ASCII
 * @param {number} method its position in the server's list
 * @param {number} [hour] hours since 1970
 * @param {Iterable<number>} [random] 32 bits
 */
export function mint(
  key,
  method,
  hour = (Date.now() / 36e5) | 0,
  [random] = crypto.getRandomValues(new Uint32Array(1)),
) {
  const first = hour * 16 + method;
  // Ten bits of FNV-1a: hashids alone accepts one or two of a hundred mistyped tokens.
  let hash = 0x811c9dc5;
  for (const char of `${key}:${first}:${random}`)
    hash = Math.imul(hash ^ char.charCodeAt(0), 0x1000193);
  const second = random * 1024 + ((hash ^ (hash >> 10) ^ (hash >> 20)) & 1023);
  const separators = shuffle(SEPARATORS, key);
  let alphabet = shuffle(LETTERS, key).slice(4);
  const lottery = alphabet[((first % 100) + (second % 101)) % 44];
  let token = lottery;
  for (const number of [first, second]) {
    alphabet = shuffle(alphabet, lottery + key + alphabet);
    let digits = '';
    for (let rest = number; rest || !digits; rest = (rest - (rest % 44)) / 44)
      digits = alphabet[rest % 44] + digits;
    token += digits + separators[(number % digits.charCodeAt(0)) % 14];
  }
  return token.slice(0, -1);
}
