/**
 * Lays out in dist/package what is packed and installed: the command line's bundle, the library that programs import, and a
 * package.json with what these leave outside. `npm run package` builds before, and packs after.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { bundleLibrary, ENTRIES } from './bundle-library.mjs';

const FOLDER = 'dist/package';
/** The package's own; the scope must be registered before the first release. */
const NAME = '@nestor-onnx/nestor';
/** `require` of ES modules, by which CommonJS programs have the library, needs no flag from here on. */
const ENGINES = { node: '>=22.12.0' };
const NEST = '^11.0.0 || ^12.0.0';

const read = async (path) => JSON.parse(await readFile(path, 'utf8'));
const { version, description, license, type, bin, dependencies } = await read('package.json');

/** A program brings what it uses: pictures need sharp, the Nest module Nest. ONNX Runtime is the one that all need. */
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
  // For compilers that resolve as Node 10 did and know no "exports", as older Nest projects have them set.
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
// What that page and the one on embedding link to.
for (const page of new Set([...(await linkedFrom('command-line.md')), ...(await linkedFrom('embedding.md'))]))
  await cp(`docs/${page}`, `${FOLDER}/${page}`);
// What editors complete manifests by.
await cp('docs/model.schema.json', `${FOLDER}/model.schema.json`);
await writeFile(`${FOLDER}/package.json`, `${JSON.stringify(manifest, undefined, 2)}\n`);
