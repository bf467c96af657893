import { readFileSync } from 'node:fs';

/** A block of code of a Markdown page. */
export interface CodeBlock {
  /** Such as `sh` or `ts`; empty where the page names none. */
  readonly language: string;
  /** The file that the block shows, where the page names it after the language. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The blocks of code of Markdown text, in their order. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks = markdown.matchAll(/^```(\w*)(?: (\S+))?\n(.*?)^```$/gms);
  return [...blocks].map(([, language, file, text]) => ({ language: language!, file, text: text! }));
}

/** What a Markdown page says under a heading of the second level. */
export function sectionOf(page: string, heading: string): string {
  const sections = readFileSync(page, 'utf8').split(/^## /m);
  const found = sections.find((section) => section.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`${page} has no section "${heading}".`);
  return found;
}
