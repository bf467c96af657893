/**
 * Adds binaries for other platforms that `npm install` omitted to package-lock.json. npm omits an optional package that
 * the registry in use does not have. `npm ci` then rejects the lockfile or, on the platform in question, installs a
 * compiler without its binary. Run this script after `npm install`; a spec fails if you forget.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
const LIBRARIES = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** The entry that npm would have written. The package's name contains its platform, as in @swc/core-linux-x64-gnu. */
function entryOf(name, version, dev) {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => SYSTEMS.includes(word));
  const cpu = words.filter((word) => PROCESSORS.includes(word));
  const libc = os.includes('linux') ? words.flatMap((word) => LIBRARIES[word] ?? []) : [];
  if (cpu.length === 0)
    throw new Error(`The name ${name} does not contain a platform. Add the package to package-lock.json by hand.`);
  return {
    version,
    cpu,
    ...(dev ? { dev } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}

const path = join(import.meta.dirname, '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = {};
for (const [place, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const places = [`node_modules/${name}`, `${place}/node_modules/${name}`];
    if (!places.some((known) => known in lock.packages)) added[places[0]] = entryOf(name, version, dev);
  }
}
const names = Object.keys(added);
if (names.length > 0) {
  lock.packages = Object.fromEntries(
    Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) => a.localeCompare(b, 'en')),
  );
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(names.length > 0 ? `added:\n  ${names.join('\n  ')}` : 'package-lock.json is complete.');
