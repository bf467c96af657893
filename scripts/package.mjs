/**
 * Lays out in dist/package what is packed and installed: the bundle, and a package.json that depends on nothing but the
 * packages that the bundle leaves outside. `npm run package` builds before, and packs after.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';

const FOLDER = 'dist/package';

const read = async (path) => JSON.parse(await readFile(path, 'utf8'));
const [root, outside] = await Promise.all([read('package.json'), read('dist/outside.json')]);
const { name, version, description, license, type, bin, engines, dependencies } = root;

const manifest = {
  name,
  version,
  description,
  license,
  type,
  bin,
  engines,
  dependencies: Object.fromEntries(outside.map((name) => [name, dependencies[name]])),
};

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
await cp('dist/bundle', `${FOLDER}/dist/bundle`, { recursive: true, filter: (path) => !path.endsWith('.map') });
await cp('LICENSE', `${FOLDER}/LICENSE`);
await cp('docs/command-line.md', `${FOLDER}/README.md`);
// What that page links to, and what editors complete manifests by.
for (const page of ['settings.md', 'model.schema.json']) await cp(`docs/${page}`, `${FOLDER}/${page}`);
await writeFile(`${FOLDER}/package.json`, `${JSON.stringify(manifest, undefined, 2)}\n`);
