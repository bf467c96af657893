import { preferredType } from '../http/negotiation.ts';

/** The console's own files hold no model and no figure: what the page shows, it asks for with a key. */
export const CONSOLE_FILES: ReadonlySet<string> = new Set([
  '/console/app.js',
  '/console/style.css',
  '/console/icon.svg',
]);

/** Whether a request for `/` wants the page, not the data. */
export const asksForPage = (accept: string | undefined): boolean =>
  preferredType(accept, ['application/json', 'text/html']) === 'text/html';
