import sharp, { type Sharp } from 'sharp';

/** A picture as a client uploads it. */
export interface Upload {
  readonly id: 'jpeg' | 'png';
  readonly contentType: string;
  readonly file: Buffer;
}

/** A soft sky, a ball and a hard-edged door, in the proportions of most cameras. */
const SCENE = `
  <linearGradient id="sky" x2="0.3" y2="1">
    <stop stop-color="#9fc4ee"/><stop offset="0.6" stop-color="#e8c9a0"/><stop offset="1" stop-color="#2c4a26"/>
  </linearGradient>
  <radialGradient id="ball"><stop stop-color="#f4e04d"/><stop offset="1" stop-color="#7a1f1f"/></radialGradient>
  <rect width="4" height="3" fill="url(#sky)"/>
  <circle cx="1.4" cy="1.6" r="0.9" fill="url(#ball)"/>
  <rect x="2.6" y="0.9" width="0.7" height="1.7" fill="#1d2b45"/>`;

/** Like a photo: wide gradients, some edges, and the noise of a small sensor. */
function photo(width: number, height: number): Sharp {
  const size = `width="${width}" height="${height}"`;
  const scene = `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 4 3">${SCENE}</svg>`;
  const noise = { type: 'gaussian', mean: 128, sigma: 10 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
    .composite([{ input: Buffer.from(scene), blend: 'hard-light' }])
    .removeAlpha();
}

/** About 300 kB each. The PNG has fewer pixels, since it keeps every bit of the noise. */
export const UPLOADS: readonly Upload[] = [
  { id: 'jpeg', contentType: 'image/jpeg', file: await photo(1600, 1200).jpeg({ quality: 89 }).toBuffer() },
  { id: 'png', contentType: 'image/png', file: await photo(400, 300).png().toBuffer() },
];
