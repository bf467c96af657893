import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { ServerProcess } from './spawn.ts';

/** What is loaded on demand, or lies outside the bundle, is found by the built server too. */
describe('the built server', () => {
  it('decodes pictures, also from forms', async () => {
    const url = await new ServerProcess({}).ready();
    const ink = sharp({ create: { width: 4, height: 20, channels: 3, background: '#000' } });
    const picture = await ink.extend({ top: 9, bottom: 9, left: 20, right: 20, background: '#fff' }).png().toBuffer();
    const form = new FormData();
    for (const name of ['one.png', 'other.png']) form.append('picture', new Blob([Uint8Array.from(picture)]), name);
    const response = await fetch(`${url}/models/digits/predict`, { method: 'POST', body: form });
    expect(await response.json()).toMatchObject({ prediction: ['1', '1'] });
  });

  it('labels CSV, also with quotes', async () => {
    const url = await new ServerProcess({}).ready();
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      body: 'CHAS,RM,TAX,PTRATIO,B,LSTAT,note\n0,6.575,296,15.3,396.9,4.98,"a, ""b"""\n',
      headers: { 'content-type': 'text/csv', accept: 'text/csv' },
    });
    expect(await response.text()).toMatch(/\n0,6\.575,296,15\.3,396\.9,4\.98,"a, ""b""",26\.5\d+,\n$/);
  });
});
