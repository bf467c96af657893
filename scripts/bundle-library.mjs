/**
 * Bundles the library of the published package: each entry, the worker's file beside them, and their declarations. All
 * packages stay outside, since a program that imports the library installs those that it needs.
 */
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { compiledManifestValidator } from './compiled-manifest-validator.mjs';

/** The package's subpaths. */
export const ENTRIES = ['client', 'engine', 'model', 'nestjs', 'nestjs-testing'];

/** @param outdir the folder to write to */
export async function bundleLibrary(outdir) {
  await Promise.all([bundleCode(outdir), bundleDeclarations(outdir)]);
}

async function bundleCode(outdir) {
  const entries = ENTRIES.map((name) => [name, `dist/apps/package/src/${name}.js`]);
  await build({
    // The code that starts worker threads expects their file beside itself.
    entryPoints: Object.fromEntries([...entries, ['worker', 'dist/libs/onnx/src/worker.js']]),
    outdir,
    bundle: true,
    // Code that is imported on demand, above all ONNX Runtime's, gets its own file.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.12',
    external: ['@nestjs/*', '@opentelemetry/api', 'onnxruntime-node', 'piscina', 'prom-client', 'sharp'],
    plugins: [compiledManifestValidator],
    // Identifiers stay, since class names appear in errors and NestJS uses them.
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
    // The shared types need one file, since they refer to each other in cycles, which no order of files resolves.
    manualChunks: (id) => (/\/(apps\/package|libs\/nestjs)\//.test(id) ? undefined : 'shared'),
    hoistTransitiveImports: false,
  });
  await bundle.close();
}
