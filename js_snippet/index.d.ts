/** Where the script is, and the options of the tag: each becomes a data attribute. */
export interface Options {
  /** Where `ds.js` is, for example `https://tracker.example.com/ds.js`. */
  src: string;
  /** The site's public key, from `darksocial site add`. */
  site: string;
  /** The hash of a file with a version in its name, from `darksocial snippet --pinned`. */
  integrity?: string;
  [option: string]: string | number | boolean | undefined;
}

/** Adds the tag to the page, once. */
export function load(options: Options): void;

/** What the page says to the snippet; kept until the script is there. */
export function darksocial(command: string, ...values: unknown[]): unknown;

export default darksocial;
