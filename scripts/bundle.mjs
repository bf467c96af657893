/**
 * Bundles the compiler's output into what is run and shipped: dist/bundle/main.js (starts the server), nestor.js (starts
 * the command line) and beside them worker.js, for the worker threads, and trial-process.js. Packages with native code, or with threads of their own, stay
 * outside and are taken from node_modules.
 */
import { cpSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import protobuf from 'protobufjs';
import { compiledManifestValidator } from './compiled-manifest-validator.mjs';

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

/**
 * Nest's ValidationPipe, which nothing here uses, would load these whole, and keep all of them in what the settings use of
 * class-validator: every validator, and the telephone numbers of the whole world.
 */
const unusedValidationPipe = {
  name: 'unused-validation-pipe',
  setup({ onResolve }) {
    onResolve({ filter: /^class-(validator|transformer)$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

/**
 * An import of `node:http` as a module reads all that it exports, and with that loads undici for a WebSocket that nobody
 * here wants: 40 ms of a start. To `require` it, which reads nothing before it is used, takes none.
 */
const httpByRequire = {
  name: 'http-by-require',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'node:http', namespace: 'http-by-require' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'http-by-require' }, () => ({
      contents: "module.exports = require('node:http');",
    }));
  },
};

/** The .proto files of gRPC's health and reflection, which these packages read from beside themselves. */
const PROTO_FILES = [
  'grpc-health-check/proto/health/v1/health.proto',
  '@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto',
  '@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto',
];

/** In the bundle nothing lies beside them: they are given a loader that holds what they read. */
const protoFiles = {
  name: 'proto-files',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@grpc\/proto-loader$/ }, ({ importer }) =>
      /grpc-health-check|@grpc.reflection/.test(importer)
        ? { path: 'proto-files', namespace: 'proto-files' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'proto-files' }, async () => {
      const read = async (file) => [file, protobuf.parse(await readFile(`node_modules/${file}`, 'utf8')).root.toJSON()];
      return {
        resolveDir: process.cwd(),
        contents: `const { fromJSON } = require('@grpc/proto-loader');
          const files = ${JSON.stringify(await Promise.all(PROTO_FILES.map(read)))};
          const named = (path) => files.find(([file]) => file.endsWith(path.replace(/^.*[/\\\\]proto[/\\\\]/, '')));
          exports.loadSync = (path, options) => fromJSON(named(path)[1], options);`,
      };
    });
  },
};

// The names of files change with their content: those of an earlier build would be shipped too.
for (const folder of ['bundle', 'compile-cache']) await rm(`dist/${folder}`, { recursive: true, force: true });

await build({
  entryPoints: {
    server: 'dist/apps/server/src/main.js',
    'command-line': 'dist/apps/cli/src/main.js',
    worker: 'dist/libs/onnx/src/worker.js',
    'trial-process': 'dist/libs/engine/src/trial/trial-process.js',
  },
  outdir: 'dist/bundle',
  bundle: true,
  // What is imported on demand (readable logs) is a file of its own, read only then.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: OUTSIDE,
  plugins: [protoFiles, compiledManifestValidator, unusedValidationPipe, httpByRequire, optionalPackages],
  // Their module builds, of which only what is used comes in.
  alias: {
    'class-validator': './node_modules/class-validator/esm2015/index.js',
    rxjs: './node_modules/rxjs/dist/esm/index.js',
    'rxjs/operators': './node_modules/rxjs/dist/esm/operators/index.js',
  },
  // No keepNames: it would define a property on every function that a request creates.
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

/**
 * What is started. An eighth of a start is V8 reading the code, which it need not do again: what it made of it is kept
 * beside the bundle, where that can be written to, by the first process that ends. It is V8's to see whether it still fits.
 */
const starter = (file, [major, minor]) => `#!/usr/bin/env node
import nodeModule from 'node:module';
import { join } from 'node:path';
const [major, minor] = process.versions.node.split('.').map(Number);
// An older Node would end in a SyntaxError.
if (major < ${major} || (major === ${major} && minor < ${minor})) {
  process.stderr.write('Nestor needs Node ${major}.${minor} or later, and this is ' + process.version + '.\\n');
  process.exit(1);
}
// Node 22, on which the command line runs too, takes no options here.
if (major > 22) {
  nodeModule.enableCompileCache({ directory: join(import.meta.dirname, '../compile-cache'), portable: true });
}
await import('./${file}.js');
`;
await writeFile('dist/bundle/main.js', starter('server', [24, 0]));
await writeFile('dist/bundle/nestor.js', starter('command-line', [22, 12]));

// Swagger UI is two files that the browser loads.
for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
  cpSync(`node_modules/swagger-ui-dist/${file}`, `dist/bundle/swagger-ui/${file}`);
}

// What scripts/package.mjs makes the package depend on.
await writeFile('dist/outside.json', JSON.stringify(OUTSIDE));
