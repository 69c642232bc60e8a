import './page.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceInner } from '../src/inner.js';
import { sharing } from '../src/links.js';
import { isRiddle } from '../src/sampling.js';
import { replaceUrls, withToken } from '../src/url.js';
import { generator } from './fuzz.js';

/** @param {string} link */
const tagged = (link) =>
  replaceInner(link, (text) =>
    replaceUrls(text, (url) => (url.includes('a.test') ? withToken(url, 'T') : url)),
  );

// [share link, the same with the token in the URL that it shares]
const LINKS = [
  ['mailto:?body=https%3A%2F%2Fa.test%2Fx', 'mailto:?body=https%3A%2F%2Fa.test%2Fx%3Fds%3DT'],
  ['https://wa.me/?text=https://a.test/x', 'https://wa.me/?text=https%3A%2F%2Fa.test%2Fx%3Fds%3DT'],
  // Blanks, line ends and plus signs end a URL, wherever they are encoded.
  ['sms:?&body=See+https://a.test/x+now', 'sms:?&body=See+https%3A%2F%2Fa.test%2Fx%3Fds%3DT+now'],
  [
    'mailto:?body=One%20https%3A%2F%2Fa.test%2Fx%0AEnd',
    'mailto:?body=One%20https%3A%2F%2Fa.test%2Fx%3Fds%3DT%0AEnd',
  ],
  [
    'https://t.me/share/url?url=https%3A%2F%2Fa.test%2Fx%3Fb%3D1%23y&text=a%20%26%20b',
    'https://t.me/share/url?url=https%3A%2F%2Fa.test%2Fx%3Fb%3D1%26ds%3DT%23y&text=a%20%26%20b',
  ],
  ['https://wa.me/?text=https%3A%2F%2Fb.test%2F', 'https://wa.me/?text=https%3A%2F%2Fb.test%2F'],
  ['https://a.test/share', 'https://a.test/share'],
  ['mailto:me@a.test', 'mailto:me@a.test'],
];

for (const [link, expected] of LINKS) {
  test(`${link} becomes ${expected}`, () => {
    assert.equal(tagged(link), expected);
  });
}

test('for any shared URL, only the parameter is new', () => {
  const random = generator(4);
  for (let round = 0; round < 5_000; round++) {
    // What stands in a parameter ends at a blank, and so does a URL in a text.
    const url = random.plainUrl();
    const others = `?subject=${encodeURIComponent(random.word())}&text=`;
    const link = `whatsapp://send${others}${encodeURIComponent(`${random.word()} ${url}`)}&z=1`;
    const before = new URLSearchParams(link.split('?')[1]);
    const after = new URLSearchParams(
      replaceInner(link, (text) => replaceUrls(text, (found) => withToken(found, 'T'))).replace(
        /^[^?]*\?/,
        '',
      ),
    );
    assert.equal(after.get('subject'), before.get('subject'));
    assert.equal(after.get('z'), '1');
    assert.equal(
      after.get('text'),
      `${String(before.get('text')).split(' ')[0]} ${withToken(url, 'T')}`,
    );
  }
});

// [link, where it shares to, if it does]
const TARGETS = [
  ['mailto:?body=U', 'mailto:'],
  ['viber://forward?text=U', 'viber:'],
  ['https://wa.me/?text=U', 'wa.me'],
  ['https://www.facebook.com/sharer/sharer.php?u=U', 'www.facebook.com'],
  ['https://mastodon.test/share?text=U', 'mastodon.test'],
  ['https://accounts.test/oauth/authorize?redirect_uri=U', ''],
  ['https://b.test/article?u=U', ''],
  ['https://www.a.test/share?u=U', ''],
  ['https://b.test/share?u=https%3A%2F%2Fb.test%2Fx', ''],
  ["javascript:open('https://wa.me/?text=U')", ''],
  ['data:text/html,<a href="https://wa.me/?text=U">share</a>', ''],
  ['blob:https://www.a.test/share?u=U', ''],
];

for (const [template, target] of TARGETS) {
  const link = template.replace('U', 'https%3A%2F%2Fa.test%2Fx');
  test(`${link} shares to ${target || 'nobody'}`, (context) => {
    /** @type {Record<string, unknown>[]} */
    const sent = [];
    context.mock.method(
      globalThis,
      'fetch',
      async (/** @type {any} */ _, /** @type {any} */ to) => {
        sent.push(...JSON.parse(to.body).e);
        return new Response();
      },
    );
    const tagged = sharing(link);
    assert.equal(sent.length, target ? 1 : 0);
    assert.equal(tagged !== link, Boolean(target));
    if (!target) return;
    assert.deepEqual([sent[0].x, sent[0].m, sent[0].u], [target, 'share_link', 'https://a.test/x']);
    assert.equal(tagged, link.replace('%2Fx', `%2Fx%3Fds%3D${sent[0].d}`));
    assert.equal(sharing(tagged), tagged, 'a script may open what a link named');
    assert.equal(sent.length, 1);
  });
}

// [page, referrer, whether it is a riddle how the visit came]
const VISITS = /** @type {[string, string, boolean][]} */ ([
  ['https://a.test/story', '', true],
  ['https://a.test/story', 'https://b.test/', false],
  ['https://a.test/story?ds=T', '', false],
  ['https://a.test/story#ds=T', '', false],
  ['https://a.test/', '', false],
]);

for (const [page, referrer, riddle] of VISITS) {
  test(`${page} from ${referrer || 'nowhere'} is ${riddle ? 'a' : 'no'} riddle`, () => {
    assert.equal(isRiddle(new URL(page), referrer), riddle);
  });
}
