import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cellsOf, RecordReader, recordOf } from '#csv';
import { encoded, FORMS } from '../../csv/src/testing/encoded.fixture.ts';
import { labelCsv } from './label-csv.ts';
import { plusOne } from './testing/models.fixture.ts';

const PATIENT = { timeoutMs: Infinity, gone: () => false };

describe('labelCsv', () => {
  const piecesOf = async function* (bytes: Uint8Array, cuts: readonly number[]) {
    const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    for (const [at, from] of places.slice(0, -1).entries()) yield bytes.subarray(from, places[at + 1]);
  };

  it('gives a line for each row, however the bytes come', async () => {
    const model = await plusOne({ maxRows: 3 });
    const row = fc.constantFrom('1,a', '2.5,"b,\nc"', 'x,d', '3', '"4",é', '1e99,f', '"5', '6,7,8');
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), fc.array(fc.nat(300)), async (rows, cuts) => {
        const bytes = Buffer.from(`x,note\n${rows.join('\n')}\n`);
        const whole: string[] = [];
        for await (const { text, rows: count } of labelCsv(piecesOf(bytes, []), model, PATIENT)) {
          expect(count).toBeLessThanOrEqual(3);
          whole.push(text);
        }
        const pieces: string[] = [];
        for await (const { text } of labelCsv(piecesOf(bytes, cuts), model, PATIENT)) pieces.push(text);
        expect(pieces.join('')).toBe(whole.join(''));
        const [head, ...lines] = whole.join('').replaceAll('"b,\nc"', 'b').trimEnd().split('\n');
        expect(head).toBe('x,note,prediction,error');
        for (const text of lines) {
          const [x, , prediction, error] = cellsOf({ text, line: 1, fault: undefined });
          if (error === '') expect(Number(prediction)).toBe(Number(x) + 1);
          else expect([prediction, error !== undefined]).toEqual(['', true]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('labels the same table alike in every separator and encoding, and answers with the separator that came', async () => {
    const model = await plusOne();
    const rows = [
      ['x', 'note'],
      ['1', 'a,b'],
      ['2', 'c;d'],
      ['3,5', 'e\tf'],
      ['4', 'é "\u{1F377}"'],
    ];
    for (const separator of [',', ';', '\t']) {
      const csv = rows.map((cells) => `${recordOf(cells, separator)}\n`).join('');
      for (const form of FORMS) {
        const reader = new RecordReader({ longest: Infinity });
        const pieces = [];
        for await (const { text } of labelCsv(piecesOf(encoded(csv, form), [1, 5, 20]), model, PATIENT))
          pieces.push(...reader.push(Buffer.from(text)));
        expect(reader.separator).toBe(separator);
        const comma: unknown = expect.stringContaining('decimal point');
        const labels = [
          ['prediction', 'error'],
          ['2', ''],
          ['3', ''],
          ['', comma],
          ['5', ''],
        ];
        expect(pieces.map((record) => cellsOf(record, separator))).toEqual(
          rows.map((cells, at) => [...cells, ...labels[at]!]),
        );
      }
    }
  });

  it('reads its source no more where the header is not of the model', async () => {
    const model = await plusOne();
    let returned = false;
    const source = (async function* () {
      try {
        for (;;) yield Buffer.from('y,z\n1,2\n');
      } finally {
        returned = true;
      }
    })();
    await expect(labelCsv(source, model, PATIENT).next()).rejects.toMatchObject({ code: 'INVALID_ROWS' });
    expect(returned).toBe(true);
  });
});
