import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { Detection } from '#detections';
import { serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { chromium, open, violations, withBrowser } from './browser.ts';

const MODEL = 'test/models/detectors/torchvision-faster-rcnn';

describeWith([chromium], 'the objects of a picture', () => {
  withBrowser();

  it('are drawn over it, and listed by their scores', async () => {
    const { url } = await serve({ MODELS: MODEL });
    const page = await open(`${url}/#/models/torchvision-faster-rcnn`);
    await page.locator('input[type="file"]').setInputFiles('test/models/detectors/pictures/coffee.jpg');
    const boxes = page.locator('.boxed rect');
    await boxes.first().waitFor();
    const expected: Detection[] = JSON.parse(readFileSync(`${MODEL}/expected.json`, 'utf8')).detections['coffee.jpg'];
    expect(await boxes.count()).toBe(expected.length);
    // The file lies on its side, and its EXIF data turns it upright: boxes are those of the upright picture.
    expect(await page.locator('.boxed svg').getAttribute('viewBox')).toBe('0 0 200 300');
    const [first] = expected;
    for (const [side, value] of Object.entries(first!.box))
      expect(Math.abs(Number(await boxes.first().getAttribute(side)) - value)).toBeLessThan(1);
    const listed = page.getByRole('region', { name: 'Answer' }).locator('dl > div');
    expect(await listed.count()).toBe(expected.length);
    expect(await listed.first().innerText()).toContain(first!.label);
    expect(await violations(page)).toEqual([]);
  });
});
