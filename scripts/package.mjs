/**
 * Writes the contents of the published package to dist/package: the command line's bundle, the library that programs
 * import, and a package.json with the packages outside both. `npm run package` builds before this script, and packs
 * after it.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { bundleLibrary, ENTRIES } from './bundle-library.mjs';

const FOLDER = 'dist/package';
/** The package's name. Register its scope before the first release. */
const NAME = '@nestor-onnx/nestor';
/** From this version on, `require` of ES modules, which CommonJS programs need, works without a flag. */
const ENGINES = { node: '>=22.12.0' };
const NEST = '^11.0.0 || ^12.0.0';

const read = async (path) => JSON.parse(await readFile(path, 'utf8'));
const { version, description, license, type, bin, dependencies } = await read('package.json');

/** A program installs what it uses: sharp for pictures, NestJS for the NestJS module. All need ONNX Runtime. */
const peers = {
  '@nestjs/common': NEST,
  '@nestjs/core': NEST,
  '@opentelemetry/api': '^1.4.0',
  'onnxruntime-node': dependencies['onnxruntime-node'],
  'prom-client': '^15.0.0',
  sharp: dependencies.sharp,
};
const optional = Object.keys(peers).filter((name) => name !== 'onnxruntime-node');

/** `./nestjs/testing` is the file nestjs-testing. */
const exported = (entry) => [
  `./${entry.replace('-', '/')}`,
  { types: `./dist/library/${entry}.d.ts`, default: `./dist/library/${entry}.js` },
];

const manifest = {
  name: NAME,
  version,
  description,
  license,
  type,
  bin,
  exports: { ...Object.fromEntries(ENTRIES.map(exported)), './package.json': './package.json' },
  // For compilers with the module resolution "node10", which ignores "exports"; older NestJS projects use it.
  typesVersions: {
    '*': Object.fromEntries(ENTRIES.map((entry) => [entry.replace('-', '/'), [`./dist/library/${entry}.d.ts`]])),
  },
  engines: ENGINES,
  dependencies: { piscina: dependencies.piscina },
  peerDependencies: peers,
  peerDependenciesMeta: Object.fromEntries(optional.map((name) => [name, { optional: true }])),
};

/** The pages of the documentation that one of them links to. */
async function linkedFrom(page) {
  const links = (await readFile(`docs/${page}`, 'utf8')).matchAll(/\]\(([\w-]+\.md)[)#]/g);
  return [...links].map(([, linked]) => linked);
}

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
await bundleLibrary(`${FOLDER}/dist/library`);
await cp('dist/bundle', `${FOLDER}/dist/bundle`, { recursive: true, filter: (path) => !path.endsWith('.map') });
await cp('LICENSE', `${FOLDER}/LICENSE`);
await cp('docs/command-line.md', `${FOLDER}/README.md`);
// The pages that it and the page on embedding link to.
for (const page of new Set([...(await linkedFrom('command-line.md')), ...(await linkedFrom('embedding.md'))]))
  await cp(`docs/${page}`, `${FOLDER}/${page}`);
// The schema for completion in editors.
await cp('docs/model.schema.json', `${FOLDER}/model.schema.json`);
await writeFile(`${FOLDER}/package.json`, `${JSON.stringify(manifest, undefined, 2)}\n`);
