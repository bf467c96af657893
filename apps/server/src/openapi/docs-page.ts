import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The page of `GET /docs`: Swagger UI, from this server alone. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nestor: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<style>
body { margin: 0; }
header, form { max-width: 1420px; margin: 0 auto; padding: 1rem 1.25rem 0; font: 1rem/1.5 sans-serif; }
form { max-width: 26rem; margin-top: 3rem; }
header a { color: #0b6e6e; }
.dark-mode :is(header, form) { color: #e4e6e6; }
.dark-mode header a { color: #5fc9c1; }
/* There is one server: the one that the page came from. */
.swagger-ui :is(.servers, .servers-title), .swagger-ui .scheme-container:not(:has(.authorize)) { display: none; }
/* No operation has links, and their column would make a phone scroll sideways. */
.swagger-ui .response-col_links { display: none; }
</style>
</head>
<body>
<header><a href="./">← Nestor</a> <label id="pick" hidden>Model <select></select></label></header>
<form id="key" hidden>
<h1>This server asks for an API key</h1>
<p id="refused" role="alert"></p>
<p><label>API key <input name="key" type="password" autocomplete="off" required></label> <button>Continue</button></p>
<p>This browser tab keeps the key until you close it, and sends the key with every request.</p>
</form>
<div id="docs"><noscript>This page needs JavaScript; the description itself is at <a href="openapi.json">openapi.json</a>.</noscript></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

/**
 * Shows the description. If the server requires a key, the page asks for one first and sends it with every request.
 * It shows many models one at a time: Swagger UI takes half a minute to draw the operations of 200.
 */
export const DOCS_SCRIPT = `const form = document.getElementById('key');
const picker = document.getElementById('pick');
const MOST_AT_ONCE = 10;
const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', paint);
paint();
// The console keeps a key under this name too.
const name = 'nestor caller key ' + new URL('.', document.baseURI).pathname;

async function start() {
  const key = sessionStorage.getItem(name);
  const response = await fetch('models', { headers: key ? { 'x-api-key': key } : {} });
  form.hidden = response.status !== 401;
  if (response.status === 401) {
    document.getElementById('refused').textContent = key ? 'That API key is invalid.' : '';
    form.elements.key.focus();
    return;
  }
  const { models, default: first } = await response.json();
  if (models.length <= MOST_AT_ONCE) return show('openapi.json', key);
  const select = picker.querySelector('select');
  select.replaceChildren(...models.map(({ name: of }) => new Option(of, of, of === first, of === first)));
  picker.hidden = false;
  const showPicked = () => show('openapi.json?model=' + encodeURIComponent(select.value), key);
  select.onchange = showPicked;
  showPicked();
}

function show(url, key) {
  const ui = SwaggerUIBundle({
    url,
    dom_id: '#docs',
    deepLinking: true,
    tryItOutEnabled: true,
    onComplete: () => key && ui.preauthorizeApiKey('apiKey', key),
    requestInterceptor: (request) => {
      if (key) request.headers['X-API-Key'] ??= key;
      return request;
    },
  });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(name, form.elements.key.value.trim());
  void start();
});
void start();
`;

const BESIDE_THE_BUNDLE = join(import.meta.dirname, 'swagger-ui');

/** A file of Swagger UI. The build copies it beside the bundle; when run from sources, it comes from the package. */
export async function docsAsset(name: 'swagger-ui.css' | 'swagger-ui-bundle.js'): Promise<Buffer> {
  return readFile(join(existsSync(BESIDE_THE_BUNDLE) ? BESIDE_THE_BUNDLE : packageFolder(), name));
}

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}
