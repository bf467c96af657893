import type { ModelStatus } from '#engine';
import { curlExample } from '../models/curl-example.ts';
import { version } from '../version.ts';

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
  h1 { margin-bottom: 0; } h2 { margin: 2rem 0 0; font-size: 1.1rem; }
  pre { padding: .8rem 1rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .4rem;
        white-space: pre-wrap; overflow-wrap: anywhere; }
  small { opacity: .75; }`;

/**
 * The page at `GET /` for people: what the server is, its models, and a working command for each.
 *
 * @param root the URL of this server for the caller, without a trailing slash
 */
export function homePage(models: readonly ModelStatus[], defaultModel: string | undefined, root: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nestor</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Nestor</h1>
<p><small>version ${version}</small></p>
<p>This server makes predictions with the models below, over HTTP.</p>
${models.map((model) => modelSection(model, model.name === defaultModel, root)).join('\n')}
<h2>More</h2>
<ul>
<li><a href="docs">/docs</a>: the API, with forms to try it; <a href="openapi.json">/openapi.json</a> for programs</li>
<li><a href="models">/models</a>: the models, as JSON</li>
<li><a href="readyz">/readyz</a> and <a href="livez">/livez</a>: the probes</li>
<li><a href="metrics">/metrics</a>: metrics for Prometheus</li>
</ul>
</body>
</html>
`;
}

function modelSection({ name, title, description, latest }: ModelStatus, isDefault: boolean, root: string): string {
  const path = isDefault ? '/predict' : `/models/${name}/predict`;
  const command = latest && curlExample(latest, path, root);
  const link = `<a href="models/${encodeURIComponent(name)}">${escapeHtml(title ?? name)}</a>`;
  return `<h2>${link}${isDefault ? ' <small>(the default model)</small>' : ''}</h2>
${description === undefined ? '' : `<p>${escapeHtml(description)}</p>`}
${command === undefined ? '' : `<pre><code>${escapeHtml(command)}</code></pre>`}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
