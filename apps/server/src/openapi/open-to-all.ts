/** The page of the API and its files tell nothing of what is served: the page asks for the description, with a key if need be. */
export const DOCS_FILES: ReadonlySet<string> = new Set([
  '/docs',
  '/docs/swagger-ui.css',
  '/docs/swagger-ui-bundle.js',
  '/docs/start.js',
]);
