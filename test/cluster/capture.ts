import { readFile, writeFile } from 'node:fs/promises';

const PAGE = new URL('../../docs/kubernetes.md', import.meta.url);

/**
 * Puts what a command printed into its block of docs/kubernetes.md, the one under `<!-- captured: name -->`, where
 * CAPTURE is set; else on standard error alone, so that a run of the specs leaves the working tree as it was.
 */
export async function capture(name: string, command: string, printed: string): Promise<void> {
  process.stderr.write(`$ ${command}    # ${name}\n${printed}\n`);
  if (!process.env['CAPTURE']) return;
  const page = await readFile(PAGE, 'utf8');
  const block = new RegExp(`(<!-- captured: ${name} -->\\n\`\`\`text\\n)[^]*?(\`\`\`)`);
  if (!block.test(page)) throw new Error(`docs/kubernetes.md has no block for ${name}`);
  await writeFile(
    PAGE,
    page.replace(block, (_all, before: string, after: string) => before + printed.trimEnd() + '\n' + after),
  );
}
