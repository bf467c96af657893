import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { resolveFeatures, RowReader } from '#features';
import type { Signature } from '#tensor';
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

it('leaves out members that the model does not take, but not a name that is misspelt', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'rows.jsonl');
  writeFileSync(path, '');
  const signature: Signature = { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }], outputs: [] };
  const features = resolveFeatures(
    [
      { name: 'tenure', default: 1 },
      { name: 'usage', missing: true },
    ],
    signature,
  );
  const lines = await JsonLines.open(path, new RowReader(features, signature, { maxRows: 9 }), ['prediction']);
  const read = (text: string) => lines.read([{ text, line: 1, fault: undefined }]).inputs.x!.data;
  expect(read('{"id": 7, "usage": 2}')).toEqual(new Float32Array([1, 2]));
  expect([...lines.unused]).toEqual(['id']);
  expect(() => read('{"tenrue": 7, "usage": 2}')).toThrow(
    'tenrue is not a feature of this model; did you mean tenure?',
  );
  expect(() => read('{"Usage": 2}')).toThrow('did you mean usage?');
  await lines.close();
});

it('keeps every digit of whole numbers of 64 bits', async () => {
  const text = '{"x": [9007199254740993, -9223372036854775808], "prediction": 9007199254740995}';
  const path = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'rows.jsonl');
  writeFileSync(path, text);
  const signature: Signature = { inputs: [{ name: 'x', datatype: 'INT64', shape: [-1, 2] }], outputs: [] };
  const lines = await JsonLines.open(
    path,
    new RowReader(resolveFeatures(undefined, signature), signature, { maxRows: 1 }),
    ['prediction'],
  );
  const row = { text, line: 1, fault: undefined };
  const prediction = [9007199254740993n, -9223372036854775808n];
  expect([...lines.read([row]).inputs.x!.data]).toEqual(prediction);
  expect(lines.write(row, { prediction })).toBe(
    '{"x":[9007199254740993,-9223372036854775808],"prediction":[9007199254740993,-9223372036854775808]}\n',
  );
  await lines.close();
});
