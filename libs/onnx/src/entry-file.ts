import { fileURLToPath } from 'node:url';

/** The file that a thread or a process starts from, and what Node must be told to run it. */
export interface EntryFile {
  readonly filename: string;
  readonly execArgv: string[];
}

/**
 * A file of that name exists beside a module in every form of the project: as `.ts` in the sources (where Node
 * strips the types, and finds the other libraries' sources by the condition), as `.js` in the compiler's output and in the
 * bundle.
 *
 * @param module its `import.meta.url`
 */
export function entryFile(module: string, name: string): EntryFile {
  const isSource = module.endsWith('.ts');
  return {
    filename: fileURLToPath(new URL(`./${name}.${isSource ? 'ts' : 'js'}`, module)),
    execArgv: isSource ? ['--conditions=nestor-source'] : [],
  };
}
