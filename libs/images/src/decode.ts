import type { Metadata, SharpOptions } from 'sharp';
import { NestorError } from '#errors';
import type { Frame } from '#tensor';
import { type Fit, frameOf } from './fit.ts';
import { LIMITS } from './limits.ts';
import { inPlaceOf, onField, type Picture } from './picture.ts';
import { type OpenPixels, scaledPart, type Scaling } from './scale.ts';

/** How a picture becomes one of the size that is wanted. */
export interface Wanted extends Scaling {
  readonly fit: Fit;
  /** Red, green and blue of what lies around a picture that was fitted in. */
  readonly background: readonly number[];
}

export interface Decoded {
  readonly picture: Picture;
  /** Where the file's own picture lies in it. */
  readonly frame: Frame;
}

/** The bound on pixels is checked before anything is decoded, with a message of its own. */
const OPTIONS: SharpOptions = { failOn: 'error', pages: 1, limitInputPixels: false };
const PAPER = '#ffffff';
const MOST_MESSAGE_CHARACTERS = 160;

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const JPEG = Buffer.from('ffd8ff', 'hex');

let loading: Promise<typeof import('sharp').default> | undefined;

/** sharp, loaded with the first picture: a server without image models never pays for it. */
function loadSharp(): Promise<typeof import('sharp').default> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // Pictures are decoded side by side, each by one thread; none is met twice.
    sharp.concurrency(1);
    sharp.cache(false);
    // The other formats that libvips reads (SVG, PDF, TIFF, …) are ways in that nobody needs.
    sharp.block({ operation: ['VipsForeignLoad'] });
    const wanted = ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp'];
    sharp.unblock({ operation: wanted });
    return sharp;
  });
  return loading;
}

/**
 * Decodes a PNG, JPEG or WebP file to 8-bit red, green, blue, off the calling thread: turned upright as its EXIF data
 * says, CMYK and colour profiles brought to sRGB, transparent parts laid on white.
 *
 * @throws NestorError INVALID_IMAGE for what is no such file, is cut off, broken or animated, or takes too long;
 * IMAGE_TOO_LARGE beyond the bounds of `LIMITS`
 */
export async function decode(file: Uint8Array, { fit, background, ...scaling }: Wanted): Promise<Decoded> {
  refuseOtherFormats(file);
  const sharp = await loadSharp();
  try {
    const image = sharp(file, OPTIONS);
    const metadata = await image.metadata();
    refuseUnfit(metadata);
    const upright = image.timeout({ seconds: LIMITS.seconds }).autoOrient().flatten({ background: PAPER });
    const fitted = fit(metadata.autoOrient);
    const openPixels: OpenPixels = ({ data, ...raw }) => sharp(data, { ...OPTIONS, raw });
    const part = await scaledPart(upright, metadata.autoOrient, fitted, scaling, openPixels);
    return {
      picture: inPlaceOf(part, onField(part, fitted.field, fitted.at, background)),
      frame: frameOf(metadata.autoOrient, fitted),
    };
  } catch (error) {
    throw error instanceof NestorError ? error : undecodable(error);
  }
}

function refuseOtherFormats(file: Uint8Array): void {
  const starts = (with_: Buffer): boolean => with_.equals(file.subarray(0, with_.length));
  const text = (from: number, to: number): string => Buffer.from(file.subarray(from, to)).toString('latin1');
  if (starts(PNG) || starts(JPEG) || (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP')) return;
  throw new NestorError('INVALID_IMAGE', file.length === 0 ? 'is empty' : 'is no PNG, JPEG or WebP file');
}

function refuseUnfit({ width, height, channels, depth, pages = 1 }: Metadata): void {
  if (pages > 1) throw new NestorError('INVALID_IMAGE', `is animated (${pages} frames); a still picture is expected`);
  const bytes = width * height * channels * (depth === 'uchar' ? 1 : 2);
  if (width * height <= LIMITS.pixels && bytes <= LIMITS.decodedBytes) return;
  throw new NestorError(
    'IMAGE_TOO_LARGE',
    `has ${width} × ${height} pixels, ${bytes} bytes once decoded; at most ${LIMITS.pixels} pixels and ${LIMITS.decodedBytes} bytes are taken`,
  );
}

/** libvips names the format and what was wrong; its further lines repeat it. */
function undecodable(cause: unknown): NestorError {
  const [line = ''] = (cause as Error).message.split('\n');
  if (line.startsWith('timeout'))
    return new NestorError('INVALID_IMAGE', `took longer than ${LIMITS.seconds} s to decode`, { cause });
  return new NestorError('INVALID_IMAGE', `could not be decoded (${line.slice(0, MOST_MESSAGE_CHARACTERS)})`, {
    cause,
  });
}
