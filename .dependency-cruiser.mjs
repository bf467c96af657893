/**
 * The rooms and borders of docs/architecture.md. Each rule holds for what is shipped; specs may bring in any room, to
 * test theirs with real parts.
 */
const NOT_SPECS = '\\.(spec|fixture)\\.ts$';
const HTTP = '^(node:)?(http|https|http2|net)$|node_modules/(@nestjs|@fastify|fastify)/';
const NEST = 'node_modules/@nestjs/';
const RUNTIME = 'node_modules/onnxruntime-node/';
const PROTOCOLS = 'plain|open-inference|kserve-v1|mlflow|openai|tei';
const OPERATIONS = 'health|metrics|openapi|console';
const OF_EVERY_REQUEST = 'access|http|operation|memory|logging|metrics';

/** `name` must not import what matches `path`. */
const never = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: NOT_SPECS, ...from },
  to,
});

/** A library may import the named libraries and no other part of this repository. */
const libraryImports = (library, allowed) =>
  never(
    `${library}-imports-${allowed.length === 0 ? 'no-other-room' : allowed.join('-')}`,
    `libs/${library} imports of this repository only: ${allowed.join(', ') || 'nothing'}`,
    { path: `^libs/${library}/` },
    { path: '^(libs|apps|test|benchmarks|scripts)/', pathNot: `^libs/(${[library, ...allowed].join('|')})/` },
  );

export default {
  forbidden: [
    never(
      'no-cycles',
      'What imports itself in a circle has no order to be read in; types are no import at run time.',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
    never('resolvable', 'Every import leads somewhere.', {}, { couldNotResolve: true }),
    never(
      'no-development-packages',
      'What is shipped uses production dependencies only.',
      { path: '^(apps|libs)/', pathNot: [NOT_SPECS, '^apps/console/build.mjs$'] },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),

    libraryImports('tensor', []),
    libraryImports('errors', []),
    libraryImports('config', []),
    libraryImports('binary', ['tensor', 'errors']),
    libraryImports('csv', []),
    libraryImports('detections', ['tensor']),
    libraryImports('features', ['tensor', 'errors', 'csv', 'detections']),
    libraryImports('images', ['tensor', 'errors']),
    libraryImports('text', ['tensor']),
    libraryImports('inference', ['tensor', 'errors']),
    libraryImports('onnx', ['tensor']),
    libraryImports('models', ['errors', 'csv']),
    libraryImports('predictor', ['tensor', 'errors', 'features', 'engine']),
    libraryImports('client', ['tensor', 'errors', 'features', 'binary', 'predictor', 'engine']),
    never(
      'callers-run-no-model',
      'Who asks a model, here or over the network, knows the types of the engine alone.',
      { path: '^libs/(predictor|client)/' },
      { path: '^libs/engine/', dependencyTypesNot: ['type-only'] },
    ),
    libraryImports('metrics', ['inference', 'engine']),
    libraryImports('nestjs', ['errors', 'predictor', 'client', 'engine', 'metrics']),
    libraryImports('labelling', ['tensor', 'errors', 'csv', 'features', 'engine']),
    libraryImports('engine', [
      'tensor',
      'errors',
      'features',
      'images',
      'detections',
      'text',
      'inference',
      'onnx',
      'models',
      'predictor',
    ]),

    never(
      'tensor-and-errors-import-nothing',
      'The two rooms that every other room stands on stand on nothing, but for the halves that Node 22 lacks.',
      { path: '^libs/(tensor|errors)/' },
      { pathNot: '^libs/(tensor|errors)/|/@petamoriken/float16/' },
    ),
    never(
      'csv-runs-in-the-browser',
      'The console reads CSV with it: it needs no package, and nothing of Node.',
      { path: '^libs/csv/', pathNot: `${NOT_SPECS}|/testing/` },
      { pathNot: '^libs/csv/' },
    ),
    never(
      'libraries-know-no-http',
      'Libraries know neither HTTP nor Nest; one knows Nest, and leaves HTTP to the application that it is part of.',
      { path: '^libs/(?!nestjs/)' },
      { path: HTTP },
    ),
    never(
      'only-nestjs-knows-nest',
      'Of the libraries one knows Nest: its decorators and its core, and no platform.',
      { path: '^libs/nestjs/' },
      { path: HTTP, pathNot: 'node_modules/@nestjs/(common|core)/' },
    ),
    never(
      'inference-knows-no-files',
      'Queue and batches live in memory alone.',
      { path: '^libs/inference/' },
      { path: '^(node:)?(fs|fs/promises|path)$' },
    ),
    never(
      'only-onnx-imports-the-runtime',
      'A second runtime would be a second library beside libs/onnx. Benchmarks measure it bare.',
      { pathNot: `^libs/onnx/|^benchmarks/|^node_modules/|${NOT_SPECS}` },
      { path: RUNTIME },
    ),
    never(
      'libraries-through-their-front-door',
      'Another library is imported by its subpath (#tensor), which is its public surface.',
      { path: '^(?:libs|apps)/([^/]+)/' },
      { path: '^libs/([^/]+)/', pathNot: '^libs/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
    ),

    never(
      'protocols-are-strangers',
      'A protocol knows one wire format: its own.',
      { path: `^apps/server/src/(${PROTOCOLS})/` },
      { path: `^apps/server/src/(${PROTOCOLS})/`, pathNot: '^apps/server/src/$1/' },
    ),
    never(
      'protocols-know-no-runtime',
      'A protocol hands rows to the engine and knows nothing of how a model runs.',
      { path: `^apps/server/src/(${PROTOCOLS})/` },
      { path: `^libs/onnx/|${RUNTIME}` },
    ),
    never(
      'prediction-knows-no-wire-format',
      'Every protocol imports the prediction module; it imports none.',
      { path: '^apps/server/src/prediction/' },
      { path: `^apps/server/src/(${PROTOCOLS})/` },
    ),
    never(
      'the-pipeline-knows-no-transport',
      'A request is the same to it whether it came over HTTP or gRPC.',
      { path: '^apps/server/src/(prediction|operation|memory)/' },
      { path: '^apps/server/src/http/|node_modules/(fastify|@fastify|@nestjs/platform-fastify|@grpc)/' },
    ),
    never(
      'what-holds-for-all-names-no-route',
      'What a route is stands at the route: keys, rate, log, metrics and errors read it there and know no list of paths.',
      { path: `^apps/server/src/(${OF_EVERY_REQUEST})/` },
      { path: `^apps/server/src/(${PROTOCOLS}|health|openapi|console|home|admin|models)/` },
    ),
    never(
      'operations-are-strangers',
      'Probes, metrics, OpenAPI and console do not lean on each other.',
      { path: `^apps/server/src/(${OPERATIONS})/` },
      { path: `^apps/server/src/(${OPERATIONS})/`, pathNot: '^apps/server/src/$1/' },
    ),
    never(
      'console-is-a-page',
      'The console asks the server over HTTP, as anyone does, and imports no part of it; it reads CSV as the server does.',
      { path: '^apps/console/src/' },
      { path: '^(libs|apps|test|benchmarks|scripts)/', pathNot: '^(apps/console/src|libs/csv)/' },
    ),
    never(
      'the-package-is-libraries',
      'What programs import of the published package are libraries alone.',
      { path: '^apps/package/' },
      { path: '^(apps|test|benchmarks|scripts)/', pathNot: '^apps/package/' },
    ),
    never('cli-knows-no-nest', 'The command line is no part of the server.', { path: '^apps/cli/' }, { path: NEST }),
    never(
      'cli-knows-only-the-start',
      'Of the server the command line knows its start and its version, and the server knows nothing of the command line.',
      { path: '^apps/(cli|server)/' },
      { path: '^apps/(cli|server)/', pathNot: '^apps/$1/|^apps/server/src/(start|version)\\.ts$' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['nestor-source', 'import', 'node', 'default', 'types'],
    },
  },
};
