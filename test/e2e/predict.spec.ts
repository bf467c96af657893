import { beforeEach, describe, expect, it } from '@jest/globals';
import { post, serve, sharedServer } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
/** The three houses of the predecessor's script; two lie outside what the model saw. */
const THREE_HOUSES = [
  HOUSE,
  { CHAS: 3, RM: 4.575, TAX: 200, PTRATIO: 16.3, B: 310.4, LSTAT: 3.54 },
  { CHAS: 3, RM: 6.2, TAX: 250, PTRATIO: 12.2, B: 220.9, LSTAT: 8.21 },
];

const dataFrame = (records: readonly Record<string, number>[]) =>
  Object.fromEntries(
    Object.keys(records[0] ?? {}).map((name) => [
      name,
      Object.fromEntries(records.map((record, row) => [row, record[name]])),
    ]),
  );

describe('POST /predict', () => {
  let url: string;

  beforeEach(async () => {
    ({ url } = await sharedServer());
  });

  const predict = (body: unknown, headers?: Record<string, string>) => post(`${url}/predict`, body, headers);

  describe('answers every form of the same rows the same way', () => {
    const columns = Object.keys(HOUSE);
    const lists = THREE_HOUSES.map((house) => Object.values(house));
    it.each([
      ['a DataFrame dict', dataFrame(THREE_HOUSES)],
      ['a list of records', THREE_HOUSES],
      ['instances', { instances: THREE_HOUSES }],
      ['dataframe_split', { dataframe_split: { columns, data: lists } }],
      [
        'dataframe_split in another order',
        {
          dataframe_split: { columns: columns.toReversed(), data: lists.map((list) => list.toReversed()) },
        },
      ],
    ])('%s', async (_form, body) => {
      const expected = await predict(THREE_HOUSES);
      const answer = await predict(body);
      expect(answer.status).toBe(200);
      expect(answer.json.prediction).toEqual(expected.json.prediction);
    });

    it('a DataFrame dict of a shuffled table', async () => {
      const expected = await predict(THREE_HOUSES);
      const text = columns.map((name) => {
        const [first, second, third] = THREE_HOUSES.map((house) => house[name as keyof typeof HOUSE]);
        return `"${name}":{"17":${first},"4":${second},"9":${third}}`;
      });
      expect((await predict(`{${text.join(',')}}`)).json.prediction).toEqual(expected.json.prediction);
    });

    it('text/csv with a header', async () => {
      const expected = await predict(THREE_HOUSES);
      const csv = [columns.join(','), ...lists.map((list) => list.join(','))].join('\r\n');
      const answer = await predict(csv, { 'content-type': 'text/csv' });
      expect(answer.json.prediction).toEqual(expected.json.prediction);
    });

    it('single records', async () => {
      const expected = await predict(THREE_HOUSES);
      const alone = await Promise.all(THREE_HOUSES.map((house) => predict(house)));
      expect(alone.flatMap(({ json }) => json.prediction)).toEqual(expected.json.prediction);
    });
  });

  it("answers the old server's request as its clients expect", async () => {
    const answer = await predict({
      CHAS: { '0': 0 },
      RM: { '0': 6.575 },
      TAX: { '0': 296.0 },
      PTRATIO: { '0': 15.3 },
      B: { '0': 396.9 },
      LSTAT: { '0': 4.98 },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.json).toEqual({ prediction: [expect.any(Number)], model: { name: 'housing', version: '1' } });
  });

  it('prices houses outside the range seen in training, with a warning for each', async () => {
    const { status, json } = await predict(dataFrame(THREE_HOUSES));
    expect(status).toBe(200);
    expect(new Set(json.prediction).size).toBe(3);
    expect(json.warnings).toContainEqual({ row: 1, field: 'CHAS', detail: expect.stringContaining('CHAS') });
    expect(json.warnings.every(({ row }: { row: number }) => row > 0)).toBe(true);
  });

  it('keeps the order of rows whose labels are not numbers', async () => {
    const { json: expected } = await predict(THREE_HOUSES);
    const labelled = Object.fromEntries(
      Object.keys(HOUSE).map((name) => [
        name,
        Object.fromEntries(
          THREE_HOUSES.map((house, row) => [`house ${'zab'[row]}`, house[name as keyof typeof HOUSE]]),
        ),
      ]),
    );
    expect((await predict(labelled)).json.prediction).toEqual(expected.prediction);
  });

  it('answers a thousand rows as it does each of them', async () => {
    const houses = Array.from({ length: 1000 }, (_, row) => ({ ...HOUSE, RM: 4 + row / 250, LSTAT: 1 + row / 40 }));
    const { json } = await predict(houses);
    expect(json.prediction).toHaveLength(1000);
    const samples = [0, 63, 64, 65, 500, 999];
    const alone = await Promise.all(samples.map((row) => predict(houses[row])));
    expect(alone.map((answer) => answer.json.prediction[0])).toEqual(samples.map((row) => json.prediction[row]));
  });

  it('answers each of several concurrent requests with its own rows', async () => {
    const houses = Array.from({ length: 200 }, (_, row) => ({ ...HOUSE, RM: 4 + row / 50 }));
    const { json } = await predict(houses);
    const answers = await Promise.all(houses.map((house) => predict(house)));
    expect(answers.map((answer) => answer.json.prediction[0])).toEqual(json.prediction);
  });

  it('queues many long requests rather than reject them', async () => {
    const houses = Array.from({ length: 1000 }, (_, row) => ({ ...HOUSE, RM: 4 + row / 250 }));
    // How long they would wait depends on the machine and on earlier runs; nothing else refuses them.
    const { url } = await serve({ MAX_QUEUE_MS: '10000' });
    const answers = await Promise.all(Array.from({ length: 64 }, () => post(`${url}/predict`, houses)));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });
});
