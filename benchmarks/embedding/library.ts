import type * as Library from '../../apps/package/src/engine.ts';

/** The engine of the package that `scripts/package.mjs` wrote. */
export const importLibrary = async (): Promise<typeof Library> =>
  (await import(new URL('../../dist/package/dist/library/engine.js', import.meta.url).href)) as typeof Library;

export const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 } as const;
