/** A page, as far as the modules of the snippet look at it when they are loaded. */

/** @type {Record<string, string>} the tag's data attributes */
export const options = { site: 'k', hosts: ' own.test, more.test ' };

/** @type {{ textContent: string }[]} code blocks and editable texts */
export const blocks = [];

/** @type {Record<string, any>} */
const page = {
  document: {
    currentScript: { dataset: options, src: 'https://tracker.test/ds.js' },
    referrer: '',
    baseURI: 'https://a.test/',
    querySelectorAll: () => blocks,
  },
  location: new URL('https://www.a.test/page?ds=arrived'),
  addEventListener() {},
  navigator: {},
  localStorage: {},
};
for (const [name, value] of Object.entries(page)) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}
