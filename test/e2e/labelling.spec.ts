import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { Engine } from '#engine';
import { encoded, FORMS } from '../../libs/csv/src/testing/encoded.fixture.ts';
import { get, post, serve, sharedServer } from '../serve.ts';

type Golden = {
  records: Record<string, number>[];
  prediction: (string | number)[];
  probabilities: Record<string, number>[];
};
const goldenOf = (model: string): Golden =>
  JSON.parse(readFileSync(`models/${model}/training/golden.json`, 'utf8')) as Golden;
const csvOf = (records: readonly Record<string, unknown>[]): string =>
  [Object.keys(records[0]!), ...records.map((record) => Object.values(record))]
    .map((row) => `${row.join(',')}\n`)
    .join('');
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true });

const CSV = { 'content-type': 'text/csv', accept: 'text/csv' };
const label = (url: string, csv: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body: csv, headers: { ...CSV, ...headers } });
const labelled = async (url: string, csv: string) => rowsOf(await (await label(url, csv)).text());

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const HEADER = Object.keys(HOUSE).join(',');
const ROW = Object.values(HOUSE).join(',');

/** A request whose body is sent piece by piece. */
const open = (url: string): ClientRequest => httpRequest(url, { method: 'POST', headers: CSV });
const answerTo = async (request: ClientRequest): Promise<IncomingMessage> =>
  ((await once(request, 'response')) as [IncomingMessage])[0];

/** Waits for what nobody announces; the test's own timeout bounds it. */
async function until(holds: () => boolean): Promise<void> {
  for (let left = 500; !holds() && left > 0; left -= 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

describe('CSV in, labelled CSV out', () => {
  it("answers a classifier's rows with label and probability, as JSON has them", async () => {
    const { url } = await sharedServer();
    const { records, prediction } = goldenOf('wine');
    const response = await label(`${url}/models/wine/predict`, csvOf(records));
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
    const rows = rowsOf(await response.text());
    expect(rows.map((row) => row['prediction'])).toEqual(prediction);
    const { json } = await post(`${url}/models/wine/predict`, records);
    expect(rows.map((row) => Number(row['probability']))).toEqual(
      json.probabilities.map((each: Record<string, number>, row: number) => each[json.prediction[row]]),
    );
    expect(rows.map((row) => row['error'])).toEqual(records.map(() => ''));
    // The input's columns are as they came.
    expect(rows.map((row) => Number(row['alcohol']))).toEqual(records.map(({ alcohol }) => alcohol));
  });

  it('answers a regression with only the values', async () => {
    const { url } = await sharedServer();
    const { records } = goldenOf('housing');
    const { json } = await post(`${url}/predict`, records);
    const rows = await labelled(`${url}/predict`, csvOf(records));
    expect(rows.map((row) => Number(row['prediction']))).toEqual(json.prediction);
    expect(Object.keys(rows[0]!)).toEqual([...Object.keys(HOUSE), 'prediction', 'error']);
  });

  it('answers CSV with JSON by default, and still reads JSON', async () => {
    const { url } = await sharedServer();
    for (const accept of ['*/*', 'application/json', 'text/csv;q=0', 'text/csv;q=0.5, application/json']) {
      const response = await label(`${url}/predict`, `${HEADER}\n${ROW}\n`, { accept });
      expect(await response.json()).toMatchObject({ prediction: [expect.any(Number)] });
    }
    expect((await post(`${url}/predict`, HOUSE, { accept: 'text/csv' })).json.prediction).toHaveLength(1);
  });

  it('keeps other columns: an id, an index of pandas, text in quotes, and names of its own columns', async () => {
    const { url } = await sharedServer();
    const notes = ['plain', '"with, comma"', '"with ""quotes"""', '"two\nlines"'];
    const csv = [`,id,${HEADER},note,prediction`, ...notes.map((note, at) => `${at},h${at},${ROW},${note},old`)].join(
      '\r\n',
    );
    const text = await (await label(`${url}/predict`, csv)).text();
    expect(text.split('\n')[0]).toBe(`,id,${HEADER},note,prediction,prediction_2,error`);
    const rows = rowsOf(text);
    expect(rows.map(({ id, note, prediction }) => [id, note, prediction])).toEqual([
      ['h0', 'plain', 'old'],
      ['h1', 'with, comma', 'old'],
      ['h2', 'with "quotes"', 'old'],
      ['h3', 'two\nlines', 'old'],
    ]);
    expect(new Set(rows.map((row) => row['prediction_2'])).size).toBe(1);
  });

  it('reads quoted text of a model that takes words, and a byte order mark', async () => {
    const { url } = await serve({ MODELS: 'test/models/sklearn-columns' });
    const { records } = JSON.parse(readFileSync('test/models/sklearn-columns/golden.json', 'utf8')) as Golden;
    const quoted = records.map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([name, value]) => [name, typeof value === 'string' ? `"${String(value)}"` : value]),
      ),
    );
    const rows = await labelled(`${url}/predict`, `\uFEFF${csvOf(quoted)}`);
    const { json } = await post(`${url}/predict`, records);
    expect(rows.map((row) => row['prediction'])).toEqual(json.prediction.map(String));
  });
});

describe('a table in any separator and encoding', () => {
  const SEPARATORS = [',', ';', '\t'];
  const golden = goldenOf('wine');
  const wine = (separator: string): string =>
    [Object.keys(golden.records[0]!), ...golden.records.map((record) => Object.values(record))]
      .map((cells) => `${cells.join(separator)}\r\n`)
      .join('');

  it.each(FORMS)('is answered the same way, as JSON and as CSV: %s', async (form) => {
    const { url } = await sharedServer();
    for (const separator of SEPARATORS) {
      const body = encoded(wine(separator), form);
      const answer = await label(`${url}/models/wine/predict`, body, { accept: 'application/json' });
      expect(await answer.json()).toMatchObject({ prediction: golden.prediction });
      const text = await (await label(`${url}/models/wine/predict`, body)).text();
      const rows: Record<string, string>[] = parse(text, { columns: true, delimiter: separator });
      expect(rows.map(({ prediction, error }) => [prediction, error])).toEqual(
        golden.prediction.map((one) => [one, '']),
      );
      expect(rows.map((row) => Number(row['alcohol']))).toEqual(golden.records.map(({ alcohol }) => alcohol));
    }
  });

  it.each([
    ['utf-16le', 'utf-16le', 2],
    ['UTF-16BE', 'utf-16be', 2],
    ['"utf-16"', 'utf-16be', 0],
    ['UTF-8', 'utf-8', 0],
    ['us-ascii', 'utf-8', 0],
    ['utf-8', 'utf-16le', 0],
  ] as const)('is what its charset %s says, unless its mark says more: %s', async (charset, form, mark) => {
    const { url } = await sharedServer();
    const body = encoded(wine(';'), form).slice(mark);
    for (const accept of ['application/json', 'text/csv']) {
      const headers = { 'content-type': `text/csv; charset=${charset}`, accept };
      const answer = await label(`${url}/models/wine/predict`, body, headers);
      expect([answer.status, await answer.text()]).toEqual([
        200,
        expect.stringContaining(String(golden.prediction[0])),
      ]);
    }
  });

  it('is rejected if its charset is another', async () => {
    const { url } = await sharedServer();
    for (const accept of ['application/json', 'text/csv']) {
      const headers = { 'content-type': 'text/csv; charset=windows-1252', accept };
      const answer = await label(`${url}/predict`, `${HEADER}\n${ROW}\n`, headers);
      expect(answer.status).toBe(415);
      expect(await answer.json()).toMatchObject({
        code: 'UNSUPPORTED_MEDIA_TYPE',
        detail: expect.stringContaining('"windows-1252"'),
      });
    }
  });
});

describe('a row that cannot be labelled', () => {
  it('has no label and says why; the others have theirs', async () => {
    const { url } = await sharedServer();
    const csv = [HEADER, ROW, ROW.replace('6.575', 'many'), '1,2', ROW, `"${ROW}`, ROW, `"x" ${ROW}`, ROW].join('\n');
    const response = await label(`${url}/predict`, csv);
    expect(response.status).toBe(200);
    const rows = rowsOf(await response.text());
    const [first, word, ragged, fourth, quotes, sixth, more, last] = rows;
    expect(Number(first!['prediction'])).toBeGreaterThan(0);
    expect(fourth).toEqual(first);
    expect(word).toMatchObject({ RM: 'many', prediction: '', error: 'RM is the string "many"; a number is expected' });
    expect(ragged).toMatchObject({ CHAS: '1', RM: '2', TAX: '', error: 'the row has 2 values; 6 are expected' });
    for (const row of [quotes, more])
      expect(row).toMatchObject({ prediction: '', error: expect.stringContaining('quotes') });
    for (const row of [sixth, last]) expect(row).toEqual(first);
  });

  it('is one with an extra quote, however many rows follow', async () => {
    const { url } = await serve({ MAX_ROWS: '100' });
    const rows = await labelled(`${url}/predict`, `${HEADER}\n"${ROW}\n${`${ROW}\n`.repeat(1000)}`);
    expect(rows.map(({ error }) => error === '')).toEqual([false, ...Array<boolean>(1000).fill(true)]);
  });

  it('is one on which the model fails', async () => {
    const { url } = await serve({ MODELS: 'test/models/fails-on-value' });
    const feature = (await get(`${url}/models/fails-on-value`)).json.features[0].name as string;
    const rows = await labelled(`${url}/predict`, `${feature}\n1\n77\n2\n`);
    expect(rows.map(({ prediction, error }) => [prediction !== '', error !== ''])).toEqual([
      [true, false],
      [false, true],
      [true, false],
    ]);
  });

  it('is one that is too long, or not UTF-8', async () => {
    const { url } = await sharedServer();
    const bytes = Buffer.concat([
      Buffer.from(`${HEADER},note\n${ROW},a\n${ROW},`),
      Buffer.alloc(3 * 2 ** 20, 'x'),
      Buffer.from(`\n${ROW},`),
      Buffer.from([0xff]),
      Buffer.from(`\n${ROW},z\n`),
    ]);
    const rows = rowsOf(await (await label(`${url}/predict`, bytes)).text());
    expect(rows.map(({ note, error }) => [note, error])).toEqual([
      ['a', ''],
      ['', 'the row is too long'],
      ['\uFFFD', 'the row is not valid UTF-8'],
      ['z', ''],
    ]);
  });
});

describe('what is wrong before the first row', () => {
  it.each([
    ['nothing', '', 'NO_ROWS'],
    ['a header alone', `${HEADER}\n`, 'NO_ROWS'],
    ['a column that is missing', `RM,TAX\n1,2\n`, 'INVALID_ROWS'],
    ['a column named almost right', `${HEADER.replace('RM', 'rm')}\n${ROW}\n`, 'INVALID_ROWS'],
    ['a column twice', `${HEADER},RM\n${ROW},6\n`, 'INVALID_ROWS'],
    ['a header that is no CSV', `a"b,c\n1,2\n`, 'MALFORMED_BODY'],
    ['a Parquet file', 'PAR1\u0015\u0004\n', 'MALFORMED_BODY'],
    ['an Excel workbook', 'PK\u0003\u0004\u0014\n', 'MALFORMED_BODY'],
  ])('%s is an error of its own', async (_what, csv, code) => {
    const { url } = await sharedServer();
    const response = await label(`${url}/predict`, csv);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code });
  });

  it('is answered while the client is still sending a large file', async () => {
    const { url } = await sharedServer();
    const response = await label(`${url}/predict`, `x,y\n${'1,2\n'.repeat(1_000_000)}`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([422, 'INVALID_ROWS']);
    expect((await post(`${url}/predict`, HOUSE)).status).toBe(200);
  });

  it('is a model that takes pictures', async () => {
    const { url } = await sharedServer();
    const response = await label(`${url}/models/digits/predict`, 'image\n1\n');
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([422, 'INVALID_REQUEST']);
  });

  it('is a body above the limit, if the response is JSON, with advice', async () => {
    const { url } = await serve({ MAX_BODY_BYTES: '1000' });
    const response = await label(`${url}/predict`, `${HEADER}\n${`${ROW}\n`.repeat(100)}`, { accept: '*/*' });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('Accept: text/csv');
  });
});

describe('a file of any length', () => {
  const ROWS = 50_000;

  it('is labelled beyond the limits of body and rows, in little memory, and counted', async () => {
    const { url, log } = await serve({ MAX_BODY_BYTES: '1000', MAX_ROWS: '100' });
    // Warm, so that what is measured is what rows cost.
    await label(`${url}/predict`, `${HEADER}\n${`${ROW}\n`.repeat(2000)}`).then((response) => response.text());
    const before = process.memoryUsage().rss;
    let most = before;
    const request = open(`${url}/predict`);
    const answer = answerTo(request);
    const writing = (async () => {
      request.write(`${HEADER},id\n`);
      for (let row = 0; row < ROWS; row += 1000) {
        const piece = Array.from({ length: 1000 }, (_, at) => `${ROW},${row + at}\n`).join('');
        if (!request.write(piece)) await once(request, 'drain');
      }
      request.end();
    })();
    let tail = '';
    let lines = 0;
    const ids: string[] = [];
    for await (const chunk of (await answer).setEncoding('utf8') as AsyncIterable<string>) {
      const cut = (tail + chunk).split('\n');
      tail = cut.pop()!;
      lines += cut.length;
      for (const line of cut) if (line.split(',').length === 9) ids.push(line.split(',')[6]!);
      most = Math.max(most, process.memoryUsage().rss);
    }
    await writing;
    expect(lines).toBe(ROWS + 1);
    expect(ids.slice(1)).toEqual(Array.from({ length: ROWS }, (_, row) => String(row)));
    expect(most - before).toBeLessThan(150 * 2 ** 20);
    expect(log.filter(({ msg }) => msg === 'request').at(-1)).toMatchObject({ status: 200, rows: ROWS });
    expect((await get(`${url}/metrics`)).text).toContain(
      `nestor_predictions_total{model="housing",version="1"} ${ROWS + 2000}`,
    );
  });

  it('is read no faster than its labels are taken', async () => {
    const { url, app } = await serve();
    const server = app.getHttpServer();
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const request = open(`${url}/predict`);
    request.write(`${HEADER}\n`);
    const [socket] = await connected;
    const piece = `${ROW}\n`.repeat(5000);
    let sent = 0;
    // Nobody reads the answer: at some point, nothing more can be sent, and nothing more is read.
    const stopped = new Promise<void>((resolve) => {
      const write = (): void => {
        while (sent < 200_000_000 && request.write(piece)) sent += piece.length;
        sent += piece.length;
        timer.refresh();
        if (sent < 200_000_000) request.once('drain', write);
        else resolve();
      };
      const timer = setTimeout(resolve, 1500);
      write();
    });
    const response = answerTo(request);
    await stopped;
    expect(sent).toBeLessThan(100_000_000);
    expect(socket.bytesRead).toBeLessThan(60_000_000);
    // Once the answer is read, it all comes.
    request.removeAllListeners('drain');
    request.end();
    const lines = (await textOf(await response)).split('\n').length - 2;
    expect(lines).toBe(sent / `${ROW}\n`.length);
  });

  it('may come row by row, and each row is answered at once', async () => {
    const { url } = await sharedServer();
    const request = open(`${url}/predict`);
    const response = answerTo(request);
    request.write(`${HEADER}\n${ROW}\n`);
    const answer = (await response).setEncoding('utf8');
    expect(String((await once(answer, 'data'))[0])).toMatch(/error\n0,6\.575,.*\n$/);
    request.write(ROW.slice(0, 9));
    request.write(`${ROW.slice(9)}\n`);
    expect(String((await once(answer, 'data'))[0])).toMatch(/^0,6\.575,.*\n$/);
    request.end();
    await once(answer, 'end');
  });
});

describe('an end before the end', () => {
  it('by the client frees the version and is logged as such', async () => {
    const { url, app, log } = await serve();
    const model = app.get(Engine).get('housing');
    const request = open(`${url}/predict`);
    const response = answerTo(request);
    request.write(`${HEADER}\n${ROW}\n`);
    await once(await response, 'data');
    expect(model.leases).toBe(1);
    request.on('error', () => undefined).destroy();
    await until(() => model.leases === 0);
    expect(log.at(-1)).toMatchObject({ msg: 'labelling ended early', code: 'CANCELLED', model: 'housing', rows: 1 });
  });

  it('by a stop waits for the remaining rows', async () => {
    const { url, app } = await serve();
    const request = open(`${url}/predict`);
    const response = answerTo(request);
    request.write(`${HEADER}\n${ROW}\n`);
    const answer = await response;
    const closed = app.close();
    request.end(`${ROW}\n`.repeat(500));
    expect((await textOf(answer)).trim().split('\n')).toHaveLength(502);
    await closed;
  });

  it('by a timeout does not happen while rows are moving', async () => {
    const { url, app } = await serve();
    const server = app.getHttpServer();
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const request = open(`${url}/predict`);
    const response = answerTo(request);
    request.write(`${HEADER}\n${ROW}\n`);
    const answer = await response;
    const [socket] = await connected;
    // What Node emits for a request that has not arrived within the server's requestTimeout.
    server.emit(
      'clientError',
      Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
      socket,
    );
    request.end(`${ROW}\n`);
    expect((await textOf(answer)).trim().split('\n')).toHaveLength(3);
  });
});
