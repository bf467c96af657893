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
</head>
<body>
<main id="docs"><noscript>This page needs JavaScript; the description itself is at <a href="openapi.json">openapi.json</a>.</noscript></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const BESIDE_THE_BUNDLE = join(import.meta.dirname, 'swagger-ui');

/** A file of Swagger UI: the build lays it beside the bundle; from sources it comes out of its package. */
export async function docsAsset(name: 'swagger-ui.css' | 'swagger-ui-bundle.js'): Promise<Buffer> {
  return readFile(join(existsSync(BESIDE_THE_BUNDLE) ? BESIDE_THE_BUNDLE : packageFolder(), name));
}

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}
