import { cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { chromium, open, withBrowser } from './browser.ts';

interface Golden {
  readonly records: readonly Record<string, number>[];
  readonly prediction: readonly (string | number)[];
}
const golden = (model: string): Golden => JSON.parse(readFileSync(`models/${model}/training/golden.json`, 'utf8'));

/** The golden records as CSV, with a column that is no feature; repeated until there are as many. */
function csvOf({ records }: Golden, rows: number): Buffer {
  const names = Object.keys(records[0]!);
  const lines = Array.from({ length: rows }, (_, at) => {
    const record = records[at % records.length]!;
    return [`"row ${at}, of many"`, ...names.map((name) => record[name])].join(',');
  });
  return Buffer.from([['note', ...names].join(','), ...lines, ''].join('\r\n'));
}

/** Drops a file as a person would, by events. */
async function drop(
  page: Page,
  zone: Locator,
  file: { name: string; mimeType: string; buffer: Buffer },
): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ name, type, base64 }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name, { type }));
      return data;
    },
    { name: file.name, type: file.mimeType, base64: file.buffer.toString('base64') },
  );
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
}

describeWith([chromium], 'files in the console', () => {
  withBrowser();

  it('labels a file by position, for a model without column names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nestor-models-'));
    mkdirSync(join(folder, 'iris', '1'), { recursive: true });
    cpSync('test/models/sklearn-classifier/1/model.onnx', join(folder, 'iris', '1', 'model.onnx'));
    const { url } = await serve({ MODELS: folder });
    const page = await open(`${url}/#/models/iris`);
    await page.getByRole('link', { name: 'Label a file' }).click();
    await page.getByText('names 4 columns').waitFor();
    const buffer = Buffer.from('a,b,c,d\n5.1,3.5,1.4,0.2\n7,3.2,4.7,1.4\n');
    await page.locator('input[type="file"]').setInputFiles({ name: 'iris.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByText('versicolor').first().waitFor();
  });

  it('labels a CSV file of many slices, and returns it complete', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing/label`);
    const houses = golden('housing');
    const rows = 5000;
    const buffer = csvOf(houses, rows);
    expect(buffer.length).toBeGreaterThan(3 * 64 * 1024);
    await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'houses.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('table').getByText('row 0, of many').waitFor();
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByText('5,000 of 5,000 rows labelled').waitFor();
    await page.getByText('Median value of owner-occupied homes, in $1000').waitFor();
    const bars = await page.locator('.bars li').allTextContents();
    const counted = bars.map((text) => Number(/: ([\d,]+)$/.exec(text)![1]!.replace(',', '')));
    expect(counted.reduce((sum, count) => sum + count)).toBe(rows);

    const arriving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    const download = await arriving;
    expect(download.suggestedFilename()).toBe('houses-labelled.csv');
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(rows + 1);
    expect(lines[0]).toBe(`note,${Object.keys(houses.records[0]!).join(',')},prediction,error`);
    for (const at of [0, 1999, rows - 1]) {
      const line = lines[at + 1]!;
      expect(line).toMatch(new RegExp(`^"row ${at}, of many",`));
      expect(Number(line.split(',').at(-2))).toBeCloseTo(Number(houses.prediction[at % houses.prediction.length]), 3);
    }
  });

  it('accepts a dropped file, and reports what is wrong with each bad row', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/wine/label`);
    const lines = csvOf(golden('wine'), 12).toString().split('\r\n');
    lines[4] = lines[4]!.replace(/[^,]+$/, 'much');
    const buffer = Buffer.from(lines.join('\r\n'));
    await drop(page, page.locator('.drop-zone'), { name: 'wine.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByText('11 of 12 rows labelled').waitFor();
    await page.getByText('Row 5: proline is "much"; a number is expected').waitFor();
    await page.locator('.shares').getByText('class_0').waitFor();
  });

  it('loses only the row with an extra quote', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing/label`);
    const lines = csvOf(golden('housing'), 56).toString().split('\r\n');
    lines[6] = lines[6]!.replace('many"', 'many');
    const buffer = Buffer.from(lines.join('\r\n'));
    await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'houses.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByText('55 of 56 rows labelled').waitFor();
    await page.getByText('Row 7: the row has wrong quotes').waitFor();
  });

  it('labels a file with the separators of a German spreadsheet', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing/label`);
    const lines = csvOf(golden('housing'), 12).toString().split('\r\n');
    const table = lines.map((line) => line.replaceAll(/,(?! of)/g, ';'));
    table[4] = table[4]!.replace('many"', 'many');
    const buffer = Buffer.from(table.join('\r\n'));
    await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'houses.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('table').getByText('row 0, of many').waitFor();
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByText('11 of 12 rows labelled').waitFor();
    await page.getByText('Row 5: the row has wrong quotes').waitFor();
  });

  it('reports what is wrong with a file of other columns', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing/label`, { expected: ['status of 422'] });
    const buffer = Buffer.from('colour,size\nred,3\n');
    await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'other.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByRole('alert').getByText('RM is missing').first().waitFor();
  });

  it('recognises a drawn digit, and shows it as the model sees it', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/digits`);
    const paper = page.locator('.drawing canvas');
    const { x, y, width, height } = (await paper.boundingBox())!;
    const to = (right: number, down: number) => [x + right * width, y + down * height] as const;
    await page.mouse.move(...to(0.3, 0.25));
    await page.mouse.down();
    await page.mouse.move(...to(0.7, 0.25), { steps: 10 });
    await page.mouse.move(...to(0.45, 0.8), { steps: 10 });
    await page.mouse.up();
    await page.locator('.answer-value', { hasText: '7' }).waitFor();
    const seen = page.getByRole('img', { name: 'The picture as the model sees it, 28 by 28 pixels' });
    await seen.waitFor();
    const levels = await seen.evaluate((canvas) => {
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 28, 28);
      return [...data].filter((_level, at) => at % 4 === 0);
    });
    // Light ink on dark, as in training, in the middle of the field.
    expect(Math.max(...levels)).toBeGreaterThan(200);
    expect(levels.slice(0, 28 * 3).every((level) => level === 0)).toBe(true);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Draw to see the answer here after each stroke.').waitFor();
  });

  it('recognises a picture from a file, and reports a file that is not a picture', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/digits`, { expected: ['status of 422'] });
    // An upright stroke, black on white.
    const ink = (x: number, y: number) => x > 92 && x < 108 && y > 40 && y < 160;
    const levels = Uint8Array.from({ length: 200 * 200 }, (_, at) => (ink(at % 200, at / 200) ? 0 : 255));
    const one = await sharp(levels, { raw: { width: 200, height: 200, channels: 1 } })
      .png()
      .toBuffer();
    const file = { name: 'one.png', mimeType: 'image/png', buffer: one };
    await page.getByLabel('Choose a picture').setInputFiles(file);
    await page.locator('.answer-value', { hasText: '1' }).waitFor();
    await page.getByRole('img', { name: 'The picture that you sent' }).waitFor();
    await page.getByLabel('Choose a picture').setInputFiles({ ...file, buffer: Buffer.from('no picture') });
    await page.getByRole('alert').waitFor();
  });
});
