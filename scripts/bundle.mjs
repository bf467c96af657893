/**
 * Bundles the compiler's output into what is run and shipped: dist/bundle/main.js, and worker.js beside it for the worker
 * threads. Packages with native code, or with threads of their own, stay outside and are taken from node_modules.
 */
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const OUTSIDE = ['onnxruntime-node', 'piscina', 'sharp'];

/** Nest and its companions ask for optional packages at run time and do without: what is not installed stays a question. */
const optionalPackages = {
  name: 'optional-packages',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./#]/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === 'asked' || path.startsWith('node:')) return undefined;
      const { importer, kind, namespace, resolveDir } = options;
      const found = await resolve(path, { importer, kind, namespace, resolveDir, pluginData: 'asked' });
      return found.errors.length > 0 ? { path, external: true } : found;
    });
  },
};

// The names of on-demand files change with their content: those of an earlier build would be shipped too.
await rm('dist/bundle', { recursive: true, force: true });

await build({
  entryPoints: { main: 'dist/apps/server/src/main.js', worker: 'dist/libs/onnx/src/worker.js' },
  outdir: 'dist/bundle',
  bundle: true,
  // What is imported on demand (readable logs) is a file of its own, read only then.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: OUTSIDE,
  plugins: [optionalPackages],
  // Nest finds providers by the names of their classes.
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'warning',
  // Packages written as CommonJS expect these three names.
  banner: {
    js: [
      "import { createRequire as bundleRequire } from 'node:module';",
      'const require = bundleRequire(import.meta.url);',
      'const __filename = import.meta.filename;',
      'const __dirname = import.meta.dirname;',
    ].join('\n'),
  },
});
