/** A request to show as code. */
export interface Call {
  readonly url: string;
  readonly contentType: string;
  readonly accept?: string;
  /** JSON text, or a file in the reader's own folder. */
  readonly body: { readonly json: string } | { readonly file: string };
  /** Whether the server requires an API key. */
  readonly key: boolean;
}

export const LANGUAGES = ['curl', 'Python', 'JavaScript'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The request as a complete program. It takes the key from the environment, and never shows it. */
export function snippet(call: Call, language: Language): string {
  switch (language) {
    case 'curl':
      return curl(call);
    case 'Python':
      return python(call);
    case 'JavaScript':
      return javascript(call);
  }
}

function headersOf({ contentType, accept }: Call): [string, string][] {
  return [['Content-Type', contentType], ...(accept === undefined ? [] : [['Accept', accept] as [string, string]])];
}

function curl(call: Call): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const body = 'json' in call.body ? `-d ${quoted(call.body.json)}` : `--data-binary @${call.body.file}`;
  return [
    `curl ${call.url}`,
    ...headersOf(call).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(call.key ? ['-H "X-API-Key: $NESTOR_API_KEY"'] : []),
    body,
  ].join(' \\\n  ');
}

const PYTHON_WORDS: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: 'None' };

/** JSON is valid Python except for three words. */
const toPython = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, (token) => PYTHON_WORDS[token] ?? token);

const indent = (text: string): string => text.replaceAll('\n', '\n  ');

function python(call: Call): string {
  const { body, key } = call;
  if ('file' in body && call.accept === 'text/csv') return pythonByParts(call, body.file);
  const headers =
    'json' in body && call.accept === undefined ? [] : headersOf(call).map(([name, value]) => `"${name}": "${value}"`);
  if (key) headers.push('"X-API-Key": os.environ["NESTOR_API_KEY"]');
  return [
    ...(key ? ['import os'] : []),
    'import requests',
    '',
    'answer = requests.post(',
    `  "${call.url}",`,
    ...(headers.length > 0 ? [`  headers={${headers.join(', ')}},`] : []),
    'json' in body ? `  json=${indent(toPython(body.json))},` : `  data=open("${body.file}", "rb"),`,
    ')',
    'answer.raise_for_status()',
    'print(answer.json())',
  ].join('\n');
}

/**
 * Labels a CSV file in parts. requests takes no answer before it has sent everything, so it would never end with a large
 * file. pandas keeps every cell as it is written.
 */
function pythonByParts(call: Call, file: string): string {
  const headers = headersOf(call).map(([name, value]) => `"${name}": "${value}"`);
  if (call.key) headers.push('"X-API-Key": os.environ["NESTOR_API_KEY"]');
  return [
    'import io',
    ...(call.key ? ['import os'] : []),
    'import pandas',
    'import requests',
    '',
    'as_written = {"dtype": str, "keep_default_na": False}',
    '# requests reads no answer while it sends, so a large file goes in parts.',
    `for number, rows in enumerate(pandas.read_csv("${file}", chunksize=1000, **as_written)):`,
    '  answer = requests.post(',
    `    "${call.url}",`,
    `    headers={${headers.join(', ')}},`,
    '    data=rows.to_csv(index=False).encode(),',
    '  )',
    '  answer.raise_for_status()',
    '  labelled = pandas.read_csv(io.BytesIO(answer.content), **as_written)',
    '  first = number == 0',
    '  labelled.to_csv("labelled.csv", mode="w" if first else "a", header=first, index=False)',
  ].join('\n');
}

function javascript(call: Call): string {
  const { body, key } = call;
  const headers = headersOf(call).map(([name, value]) => `'${name}': '${value}'`);
  if (key) headers.push("'X-API-Key': process.env.NESTOR_API_KEY");
  return [
    ...('file' in body ? ["import { readFile } from 'node:fs/promises';", ''] : []),
    `const answer = await fetch('${call.url}', {`,
    "  method: 'POST',",
    `  headers: { ${headers.join(', ')} },`,
    'json' in body ? `  body: JSON.stringify(${indent(body.json)}),` : `  body: await readFile('${body.file}'),`,
    '});',
    `console.log(await answer.${call.accept === 'text/csv' ? 'text' : 'json'}());`,
  ].join('\n');
}
