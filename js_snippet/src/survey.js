/**
 * One question to a visitor: how did you get this link?
 *
 * dist/survey.js is a script of its own beside ds.js, loaded only where it is asked for. It
 * defines one function:
 *
 *     darksocialSurvey(send, language)
 *
 * `send(answer)` is called at most once, with `shared`, `typed`, `bookmark` or `other`; a visitor
 * who closes the question sends nothing, and nothing is kept either way. `language` is a tag like
 * `de-AT`; without it the page's own counts, and what is not German is asked in English. A second
 * call on the same page does nothing.
 *
 * The question takes neither focus nor room: it lies in a corner, in a shadow root, and is the last
 * thing on the page for the keyboard. Its styles need no `unsafe-inline`.
 */

/** @typedef {'shared' | 'typed' | 'bookmark' | 'other'} Answer */

/** The answers in the order of the buttons; the words are those of the tracker. */
export const WORDS = {
  en: {
    question: 'How did you get this link?',
    shared: 'Someone sent it to me',
    typed: 'I typed the address',
    bookmark: 'From a bookmark',
    other: 'Another way',
    close: 'Close without an answer',
    thanks: 'Thank you.',
  },
  de: {
    question: 'Wie sind Sie zu diesem Link gekommen?',
    shared: 'Jemand hat ihn mir geschickt',
    typed: 'Adresse eingetippt',
    bookmark: 'Über ein Lesezeichen',
    other: 'Anders',
    close: 'Ohne Antwort schließen',
    thanks: 'Danke.',
  },
};

/** @type {Answer[]} */
export const ANSWERS = ['shared', 'typed', 'bookmark', 'other'];

const THANKS_MS = 4000;

// Colours reach a contrast of 7:1 in both schemes; targets are at least 44 pixels high.
// What is important in a shadow root wins over the page's own rules for its host.
const STYLE = `
:host{all:initial!important;position:fixed!important;z-index:2147483647!important;
inset:auto 16px 16px auto!important}
@media print{:host{display:none!important}}
div{box-sizing:border-box;max-width:min(20rem,calc(100vw - 32px));
max-height:calc(100vh - 32px);overflow:auto;padding:16px;border:1px solid #767680;
border-radius:12px;box-shadow:0 4px 16px #0004;background:#fff;color:#1b1b1f;
font:16px/1.4 system-ui,sans-serif}
p{margin:0 44px 12px 0;font-weight:600}
[role=status]{margin:0;font-weight:400}
button{all:unset;box-sizing:border-box;display:block;width:100%;min-height:44px;margin-top:8px;
padding:10px 12px;border:1px solid #767680;border-radius:8px;cursor:pointer}
button:hover{background:#ececf4}
button:focus-visible{outline:3px solid #1d4ed8;outline-offset:2px}
button:last-of-type{position:absolute;top:8px;right:8px;width:44px;margin:0;
border-color:transparent;text-align:center}
@media(prefers-color-scheme:dark){div{background:#1b1b1f;color:#f4f4f8}
button:hover{background:#33333c}button:focus-visible{outline-color:#9dbcff}}`;

/**
 * The words for a language tag.
 * @param {string} [language]
 */
export function wordsFor(language) {
  return /^de\b/i.test(language || '') ? WORDS.de : WORDS.en;
}

/**
 * Asks the question in a corner of the page.
 * @param {(answer: Answer) => void} send
 * @param {string} [language]
 */
export function ask(send, language = document.documentElement.lang) {
  if (document.querySelector('darksocial-survey')) return;
  const words = wordsFor(language);
  const host = document.createElement('darksocial-survey');
  host.lang = words === WORDS.de ? 'de' : 'en';
  host.dir = 'ltr';
  const returnFocus = rememberFocus(host);

  const leave = () => {
    returnFocus();
    host.remove();
  };
  const status = element('p', '', { role: 'status' });
  const box = element('div', '', { role: 'dialog', 'aria-labelledby': 'question' });
  const answers = ANSWERS.map((answer) => {
    const button = element('button', words[answer], { type: 'button' });
    button.onclick = () => {
      send(answer);
      returnFocus();
      for (const button of [...answers, close]) button.remove();
      status.textContent = words.thanks;
      setTimeout(() => host.remove(), THANKS_MS);
    };
    return button;
  });
  const close = element('button', '×', { type: 'button', 'aria-label': words.close });
  close.onclick = leave;
  box.append(element('p', words.question, { id: 'question' }), ...answers, close, status);
  host.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    // The page's own Escape, say of a dialog below, is not meant.
    event.stopPropagation();
    leave();
  });
  mount(host, box);
}

/**
 * Where the focus was before it came into an element: the returned function puts it back there,
 * if it still is inside.
 * @param {HTMLElement} host
 */
function rememberFocus(host) {
  /** @type {EventTarget | null} */
  let before = null;
  host.addEventListener('focusin', (event) => {
    before = event.relatedTarget || before;
  });
  return () => {
    if (document.activeElement === host && before instanceof HTMLElement) before.focus();
  };
}

/**
 * @param {HTMLElement} host
 * @param {HTMLElement} box
 */
function mount(host, box) {
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(box);
  document.body.append(host);
}

/**
 * @param {string} name
 * @param {string} text
 * @param {Record<string, string>} attributes
 */
function element(name, text, attributes) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** @type {any} */ (globalThis).darksocialSurvey = ask;
