/**
 * Bundles the compiler's output for release: dist/bundle/main.js (starts the server), nestor.js (starts the command
 * line), and beside them worker.js, for the worker threads, and trial-process.js. Packages with native code or their
 * own threads stay outside, in node_modules.
 */
import { cpSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import protobuf from 'protobufjs';
import { compiledManifestValidator } from './compiled-manifest-validator.mjs';

const OUTSIDE = ['onnxruntime-node', 'piscina', 'sharp'];

/** NestJS and related packages load optional packages at run time. Those that are not installed stay external. */
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
 * NestJS's ValidationPipe, which nothing here uses, imports these packages whole. The bundle would then keep every
 * validator of class-validator, with phone number data for all countries, instead of the few that the settings use.
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
 * An `import` of `node:http` reads all its exports, one of which loads undici for a WebSocket that nothing here uses.
 * That takes 40 ms of a start. `require` reads no export before its use.
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

/** The .proto files that gRPC's health and reflection packages read from their own folders. */
const PROTO_FILES = [
  'grpc-health-check/proto/health/v1/health.proto',
  '@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto',
  '@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto',
];

/** The bundle has no such folders, so these packages get a loader that contains the files. */
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

// File names change with their content, and files of an earlier build would be shipped too.
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
  // Code that is imported on demand (readable logs) gets its own file.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: OUTSIDE,
  plugins: [protoFiles, compiledManifestValidator, unusedValidationPipe, httpByRequire, optionalPackages],
  // The ES module builds, of which the bundle contains only the used parts.
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
 * The file to start. Compiling takes V8 an eighth of a start. The first process that ends writes V8's compile cache
 * beside the bundle, if it has write access. V8 itself checks whether the cache is valid.
 */
const starter = (file, [major, minor]) => `#!/usr/bin/env node
import nodeModule from 'node:module';
import { join } from 'node:path';
const [major, minor] = process.versions.node.split('.').map(Number);
// An older Node would fail with a SyntaxError.
if (major < ${major} || (major === ${major} && minor < ${minor})) {
  process.stderr.write('Nestor needs Node ${major}.${minor} or later, and this is ' + process.version + '.\\n');
  process.exit(1);
}
// In Node 22, which the command line also supports, this function takes no options.
if (major > 22) {
  nodeModule.enableCompileCache({ directory: join(import.meta.dirname, '../compile-cache'), portable: true });
}
await import('./${file}.js');
`;
await writeFile('dist/bundle/main.js', starter('server', [24, 0]));
// npx starts it by a link, and sets its mode only at the installation.
await writeFile('dist/bundle/nestor.js', starter('command-line', [22, 12]), { mode: 0o755 });

// The two files of Swagger UI that the browser loads.
for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
  cpSync(`node_modules/swagger-ui-dist/${file}`, `dist/bundle/swagger-ui/${file}`);
}

// scripts/package.mjs makes these dependencies of the package.
await writeFile('dist/outside.json', JSON.stringify(OUTSIDE));
