import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { RowReader } from '#features';
import { JsonLines } from './json-lines.ts';

it.each([
  ['{"a": 1}', { a: 1, prediction: 26.5 }],
  [' { "a" : "}" } ', { a: '}', prediction: 26.5 }],
  ['{}', { prediction: 26.5 }],
  [' { } ', { prediction: 26.5 }],
  ['{"prediction": 3, "a": {"prediction": 4}}', { a: { prediction: 4 }, prediction: 26.5 }],
  ['{"prediction": 3}', { prediction: 26.5 }],
])('%s gets its label as a member, once', async (text, expected) => {
  const path = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'rows.jsonl');
  writeFileSync(path, text);
  const lines = await JsonLines.open(path, new RowReader([], { inputs: [], outputs: [] }, { maxRows: 1 }), [
    'prediction',
  ]);
  const line = lines.write({ text, line: 1, fault: undefined }, { prediction: 26.5 });
  expect(JSON.parse(line)).toEqual(expected);
  expect(line.match(/"prediction":26\.5/g)).toHaveLength(1);
  expect(line.endsWith('}\n')).toBe(true);
  await lines.close();
});
