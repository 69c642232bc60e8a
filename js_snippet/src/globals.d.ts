// What browsers have and TypeScript's library does not list yet.
interface Document {
  readonly prerendering?: boolean;
}
interface Navigator {
  readonly globalPrivacyControl?: boolean;
}
interface Window {
  darksocial?: any;
  readonly navigation?: any;
}
