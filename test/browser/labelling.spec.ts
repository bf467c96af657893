import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { cellsOf, RecordReader } from '#csv';
import { encoded } from '../../libs/csv/src/testing/encoded.fixture.ts';
import { nestor, temporaryFolder } from '../process/nestor.ts';
import { ServerProcess } from '../process/spawn.ts';
import { serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { chromium, open, withBrowser } from './browser.ts';

const { records } = JSON.parse(readFileSync('models/wine/training/golden.json', 'utf8')) as {
  records: Record<string, number>[];
};
const NAMES = Object.keys(records[0]!);

/** Wines with a note that has all that CSV allows, and rows of every fault between them. */
function wines(rows: number): string {
  const lines = Array.from({ length: rows }, (_, at) => {
    const cells = NAMES.map((name) => String(records[at % records.length]![name]));
    if (at % 50 === 7) cells[3] = 'much';
    if (at % 50 === 11) cells.pop();
    if (at % 50 === 13) cells[0] = '';
    const note = at % 50 === 17 ? '"wrong" quotes' : [`"a, ""b""\n${at}"`, `é ${at}`, `${at}`][at % 3]!;
    return `${at % 50 === 19 ? '\r\n' : ''}${note},${cells.join(',')}`;
  });
  return `\uFEFFnote,${NAMES.join(',')}\r\n${lines.join('\r\n')}`;
}

function cellsIn(csv: string): (readonly string[])[] {
  const reader = new RecordReader({ longest: Infinity });
  const records = [...reader.push(Buffer.from(csv)), ...reader.end()];
  return records.map((record) => cellsOf(record, reader.separator));
}

async function choose(page: Page, content: string | Uint8Array): Promise<void> {
  const file = { name: 'wines.csv', mimeType: 'text/csv', buffer: Buffer.from(content) };
  await page.getByLabel('Choose a CSV file').setInputFiles(file);
}

async function download(page: Page, link: string): Promise<{ readonly name: string; readonly text: string }> {
  const arriving = page.waitForEvent('download');
  await page.getByRole('link', { name: link }).click();
  const arrived = await arriving;
  return { name: arrived.suggestedFilename(), text: await readFile(await arrived.path(), 'utf8') };
}

describeWith([chromium], 'labelling in the console', () => {
  withBrowser();

  it.each([
    [',', 'utf-8'],
    [';', 'utf-8'],
    ['\t', 'utf-16le'],
  ] as const)('gives each row the label that HTTP and the command line give it: %j, %s', async (separator, form) => {
    const { url } = await serve();
    const csv = encoded(wines(2500).slice(1).replaceAll(',', separator), form);
    expect(csv.length).toBeGreaterThan(2 * 64 * 1024);
    const page = await open(`${url}/#/models/wine/label`);
    await choose(page, csv);
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByText('of 2,500 rows labelled').waitFor();
    const { text: fromConsole } = await download(page, 'Download');

    const headers = { 'content-type': 'text/csv', accept: 'text/csv' };
    const response = await fetch(`${url}/models/wine/predict`, { method: 'POST', body: csv, headers });
    expect(fromConsole).toBe(await response.text());

    const [input, output] = ['in.csv', 'out.csv'].map((name) => join(temporaryFolder(), name));
    writeFileSync(input!, csv);
    await nestor('predict', 'models/wine', '-i', input!, '-o', output!);
    // The command line has no column for what is wrong with a row.
    const withoutErrors = cellsIn(fromConsole).map((cells) => cells.slice(0, -1));
    expect(withoutErrors).toHaveLength(2501);
    expect(cellsIn(readFileSync(output!, 'utf8'))).toEqual(withoutErrors);
  });

  it('counts labels that are numbers, and shows them before the columns of the file', async () => {
    const { url } = await serve({ MODELS: 'test/models/xgboost' });
    const { records: patients } = JSON.parse(readFileSync('test/models/xgboost/golden.json', 'utf8'));
    const names = Object.keys(patients[0]);
    const csv = [names, ...patients.map((record: object) => Object.values(record))].join('\n');
    const page = await open(`${url}/#/models/xgboost/label`);
    await choose(page, csv);
    await page.getByRole('button', { name: 'Label the file' }).click();
    const labelled = page.getByRole('region', { name: 'Labelled file' });
    await labelled.getByText('%').first().waitFor();
    expect(await labelled.getByText('the median is').count()).toBe(0);
    const head = await page
      .getByRole('region', { name: 'The first rows, labelled' })
      .getByRole('columnheader')
      .allInnerTexts();
    expect(head.slice(0, 3)).toEqual(['prediction', 'probability', 'error']);
    expect(head.slice(3)).toEqual(names);
    const { text } = await download(page, 'Download');
    expect(cellsIn(text)[0]).toEqual([...names, 'prediction', 'probability', 'error']);
  });

  it('names rows as a spreadsheet does', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/wine/label`);
    await choose(page, wines(12));
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByText('10 of 12 rows labelled').waitFor();
    // Two lines of the file are within cells by then.
    await page.getByText('Row 9: alcalinity_of_ash is "much"; a number is expected').waitFor();
    await page.getByText('Row 13: the row has 13 values; 14 are expected').waitFor();
  });

  it('keeps labels if the server is killed, and continues with the next one', async () => {
    const first = new ServerProcess({});
    const url = await first.ready();
    const expected = ['ERR_EMPTY_RESPONSE', 'ERR_CONNECTION', 'ERR_FAILED', 'ERR_NETWORK', 'ERR_INCOMPLETE'];
    const page = await open(`${url}/#/models/wine/label`, { expected });
    await choose(page, wines(4000));
    let slices = 0;
    await page.route('**/predict', async (route) => {
      slices += 1;
      if (slices === 3) first.child.kill('SIGKILL');
      if (slices === 3) await first.exited;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.getByText('The rest of the file has no labels yet.').waitFor();
    const part = await download(page, 'Download this part');
    expect(part.name).toBe('wines-labelled-in-part.csv');

    const second = new ServerProcess({ PORT: new URL(url).port });
    await second.ready();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(/of 4,000 rows labelled$/).waitFor();
    const whole = await download(page, 'Download');
    expect(whole.name).toBe('wines-labelled.csv');
    expect(whole.text.startsWith(part.text)).toBe(true);
    const headers = { 'content-type': 'text/csv', accept: 'text/csv' };
    const response = await fetch(`${url}/models/wine/predict`, { method: 'POST', body: wines(4000), headers });
    expect(whole.text).toBe(await response.text());
  });

  it('can be paused, continued and started over', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/wine/label`);
    await choose(page, wines(4000));
    const held = Promise.withResolvers<undefined>();
    let slices = 0;
    await page.route('**/predict', async (route) => {
      slices += 1;
      if (slices === 2) await held.promise;
      // Where the page has given it up, nobody waits for it.
      await route.continue().catch(() => undefined);
    });
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByText(/^[1-9][\d,]* rows, /).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('The rest of the file has no labels yet.').waitFor();
    held.resolve(undefined);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(/of 4,000 rows labelled$/).waitFor();
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByText(/of 4,000 rows labelled$/).waitFor();
  });

  it.each([
    ['', 'The file is empty'],
    ['\uFEFF\n', 'The file is empty'],
    [`${NAMES.join(',')}\n\n`, 'The file has no rows'],
    ['PAR1\u0015\u0004', 'Line 1 is the start of a Parquet file'],
  ])('reports for the file %j: %s', async (csv, said) => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/wine/label`);
    await choose(page, csv);
    await page.getByRole('alert').getByText(said).waitFor();
    expect(await page.getByRole('button', { name: 'Label the file' }).count()).toBe(0);
  });
});
