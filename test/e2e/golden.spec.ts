import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { post, sharedServer } from '../serve.ts';

const TRAINING = 'models/housing/training';
const golden = JSON.parse(readFileSync(`${TRAINING}/golden.json`, 'utf8')) as {
  records: Record<string, number>[];
  prediction: number[];
};
const RELATIVE = 1e-4;

/** The rows whose prediction is not the expected one: each must agree, not most of them. */
const differing = (predicted: readonly number[], expected: readonly number[]) =>
  expected.flatMap((value, row) =>
    Math.abs((predicted[row] ?? NaN) - value) <= RELATIVE * Math.abs(value) ? [] : [row],
  );

describe("the housing model's prices are scikit-learn's", () => {
  let url: string;

  beforeEach(async () => {
    ({ url } = await sharedServer());
  });

  it('all rows at once', async () => {
    expect(golden.records.length).toBeGreaterThanOrEqual(100);
    const { json } = await post(`${url}/predict`, golden.records);
    expect(differing(json.prediction, golden.prediction)).toEqual([]);
  });

  it('one row at a time, with exactly the same results', async () => {
    const together = await post(`${url}/predict`, golden.records);
    const alone: number[] = [];
    for (const record of golden.records) alone.push((await post(`${url}/predict`, record)).json.prediction[0]);
    expect(alone).toEqual(together.json.prediction);
    expect(differing(alone, golden.prediction)).toEqual([]);
  });

  it("10,000 rows drawn around the trees' split points", async () => {
    const csv = gunzipSync(readFileSync(`${TRAINING}/split-points.csv.gz`)).toString();
    const [header = '', ...lines] = csv.trim().split(/\r?\n/);
    const names = header.split(',');
    const rows = lines.map((line) => line.split(',').map(Number));
    const expected = rows.map((row) => row[names.length - 1] as number);
    const { json } = await post(`${url}/predict`, {
      dataframe_split: { columns: names.slice(0, -1), data: rows.map((row) => row.slice(0, -1)) },
    });
    expect(expected).toHaveLength(10_000);
    expect(differing(json.prediction, expected)).toEqual([]);
  });
});
