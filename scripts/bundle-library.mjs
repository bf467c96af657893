/**
 * Bundles what programs import from the published package: each of its entries, the worker's file beside them, and their
 * declarations. All packages stay outside: whoever imports the library has those that they need.
 */
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { compiledManifestValidator } from './compiled-manifest-validator.mjs';

/** The package's subpaths. */
export const ENTRIES = ['client', 'engine', 'model', 'nestjs', 'nestjs-testing'];

/** @param outdir where the files go */
export async function bundleLibrary(outdir) {
  await Promise.all([bundleCode(outdir), bundleDeclarations(outdir)]);
}

async function bundleCode(outdir) {
  const entries = ENTRIES.map((name) => [name, `dist/apps/package/src/${name}.js`]);
  await build({
    // Worker threads look for their file beside the code that starts them.
    entryPoints: Object.fromEntries([...entries, ['worker', 'dist/libs/onnx/src/worker.js']]),
    outdir,
    bundle: true,
    // What is imported on demand, ONNX Runtime above all, is a file of its own.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.12',
    external: ['@nestjs/*', '@opentelemetry/api', 'onnxruntime-node', 'piscina', 'prom-client', 'sharp'],
    plugins: [compiledManifestValidator],
    // Names of classes are read by people, in errors and by Nest.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
}

async function bundleDeclarations(outdir) {
  const bundle = await rollup({
    input: Object.fromEntries(ENTRIES.map((name) => [name, `apps/package/src/${name}.ts`])),
    plugins: [dts({ tsconfig: 'tsconfig.json', compilerOptions: { stripInternal: true } })],
    external: (id) => /^(node:|[@a-z])/.test(id) && !id.startsWith('apps/'),
    logLevel: 'warn',
  });
  await bundle.write({
    dir: outdir,
    entryFileNames: '[name].d.ts',
    chunkFileNames: '[name].d.ts',
    // One file for what the entries have in common: types refer to each other in circles, which no order of files resolves.
    manualChunks: (id) => (/\/(apps\/package|libs\/nestjs)\//.test(id) ? undefined : 'shared'),
    hoistTransitiveImports: false,
  });
  await bundle.close();
}
