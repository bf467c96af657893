import { availableParallelism } from 'node:os';
import { type Issue, NestorError, toNestorError } from '#errors';
import {
  BYTES_PER_ELEMENT,
  type Frame,
  noTensors,
  type RowGroup,
  type Signature,
  type Size,
  type Tensor,
  type Tensors,
  type TensorSpec,
} from '#tensor';
import { centred } from './centre.ts';
import { decode, type Wanted } from './decode.ts';
import { fitting, fittingWithin } from './fit.ts';
import { type ImageInput, imageInputOf, shapeFor } from './image-input.ts';
import { type ImageOptions, ImageOptionsError, requireEffect, sizeOf } from './image-options.ts';
import { LevelWriter } from './levels.ts';
import { LIMITS } from './limits.ts';
import { inPlaceOf, inverted, type Picture, toGrey } from './picture.ts';
import { type JsonRecord, picturesIn } from './picture-records.ts';
import { type PictureTensors, TensorOfOneSize, TensorsBySize } from './picture-tensors.ts';
import { MASK, maskFor, maskOf } from './pixel-mask.ts';
import { pictureOfPixels } from './sent-pixels.ts';
import { Turns } from './turns.ts';

/** A picture as it is sent: a file, or the levels of its pixels in the model's own size. */
export type PictureSource = Uint8Array | { readonly pixels: readonly unknown[] };

/** The pictures of one request, ready for the model; a row each. */
export interface PictureRows {
  readonly count: number;
  readonly inputs: Tensors;
  /** Pictures of different sizes: those of each size. `inputs` then hold nothing. */
  readonly groups?: readonly RowGroup[] | undefined;
  readonly warnings: readonly never[];
  /** Where each picture lies in its tensor; of drawings that are centred, nothing is said. */
  readonly frames: readonly (Frame | undefined)[];
}

/** A picture, and where what was sent lies in it. */
interface Framed {
  readonly picture: Picture;
  readonly frame: Frame | undefined;
}

/** All pictures of a request, and where each lies in its tensor. */
interface ReadPictures {
  readonly tensors: PictureTensors;
  readonly frames: readonly (Frame | undefined)[];
}

export interface ImageReaderOptions {
  /** Most pictures of one request. */
  readonly maxRows: number;
  readonly beside?: InputsBeside;
}

/** The model's other inputs. */
export interface InputsBeside {
  /** The names of the features that feed them. */
  readonly names: ReadonlySet<string>;
  /** Their tensors, of what a record holds of them for each picture. */
  readonly read: (records: readonly JsonRecord[]) => Tensors;
}

const NONE: InputsBeside = { names: new Set(), read: () => ({}) };

const PAPER = [255, 255, 255];

/** What a model that takes pictures of any size is tried on: the proportions of a photo. */
const PHOTO: Size = { width: 1600, height: 1200 };

/** How many pictures one answer lists before it only counts. */
const MAX_LISTED = 100;

/** All of a process: libvips works in the threads that Node also needs for files. */
const AT_ONCE = Math.min(4, availableParallelism());
const decoding = new Turns(AT_ONCE);
let heldBytes = 0;

/**
 * Reads the pictures of a request into the tensor of one image model, as the `image` block of its manifest says. Made
 * once a model. Files are decoded off the calling thread, a few at once whoever sends them.
 */
export class ImageReader {
  /** The model's, in which the input is of the size that the `image` block names, or that a photo becomes by it. */
  readonly signature: Signature;
  readonly #input: ImageInput;
  readonly #mask: TensorSpec | undefined;
  readonly #writer: LevelWriter;
  readonly #maxRows: number;
  readonly #options: ImageOptions;
  /** Of every picture; undefined where each keeps its proportions. */
  readonly #size: Size | undefined;
  readonly #channels: 1 | 3;
  readonly #wanted: Wanted;
  readonly #beside: InputsBeside;

  /** @throws ImageOptionsError where the `image` block does not fit the model, or itself */
  constructor(options: ImageOptions, signature: Signature, { maxRows, beside = NONE }: ImageReaderOptions) {
    requireEffect(options);
    this.#channels = options.channels ?? 3;
    if (options.centre === true && this.#channels !== 1)
      throw new ImageOptionsError('"image" asks to centre a drawing, which takes grey levels: set "channels" to 1.');
    this.#input = imageInputOf(options, signature);
    this.#mask = maskOf(signature);
    this.#beside = beside;
    this.#options = options;
    this.#size = sizeOf(options);
    const fit = fitting(options);
    const shape = shapeFor(this.#input, fit(PHOTO).field);
    const sized = (spec: TensorSpec): TensorSpec =>
      spec.name === this.#input.name ? { ...spec, shape: [spec.shape[0]!, ...shape] } : spec;
    this.signature = { ...signature, inputs: signature.inputs.map(sized) };
    this.#writer = new LevelWriter(options, this.#channels, this.#input.datatype);
    const bytesPerPixel = this.#channels * BYTES_PER_ELEMENT[this.#input.datatype];
    const mostPixels = Math.floor(LIMITS.tensorBytes / bytesPerPixel);
    const pixels = this.#size === undefined ? 1 : this.#size.width * this.#size.height;
    this.#maxRows = Math.min(maxRows, Math.max(1, Math.floor(mostPixels / pixels)));
    const { scaling = 'bilinear', antialias = true, background = PAPER } = options;
    const bounded = this.#size === undefined ? fittingWithin(fit, Math.min(mostPixels, LIMITS.pixels)) : fit;
    this.#wanted = { fit: bounded, scaling, antialias, background };
  }

  /** The input that takes the pictures. */
  get inputName(): string {
    return this.#input.name;
  }

  /** Most pictures of one request. */
  get maxRows(): number {
    return this.#maxRows;
  }

  /**
   * @param gone whether the caller has left: pictures that still wait are then not decoded
   * @throws NestorError NO_ROWS, TOO_MANY_ROWS, QUEUE_FULL, CANCELLED; and, with the rows concerned, INVALID_IMAGE,
   * IMAGE_TOO_LARGE, INVALID_ROWS (for pixels)
   */
  read(pictures: readonly PictureSource[], gone: () => boolean): Promise<PictureRows> {
    return this.#read(pictures, new Array<JsonRecord>(pictures.length).fill({}), gone);
  }

  async #read(
    pictures: readonly PictureSource[],
    records: readonly JsonRecord[],
    gone: () => boolean,
  ): Promise<PictureRows> {
    if (pictures.length === 0)
      throw new NestorError('NO_ROWS', 'The request has no pictures; at least one is expected.');
    if (pictures.length > this.#maxRows)
      throw new NestorError('TOO_MANY_ROWS', `The request has more than ${this.#maxRows} pictures.`);
    const beside = this.#beside.read(records);
    const bytes = pictures.reduce((sum, picture) => sum + (picture instanceof Uint8Array ? picture.length : 0), 0);
    if (heldBytes > 0 && heldBytes + bytes > LIMITS.heldBytes)
      throw new NestorError('QUEUE_FULL', `Pictures of ${heldBytes} bytes are being decoded.`, {
        retryAfterSeconds: 1,
      });
    heldBytes += bytes;
    try {
      const { tensors, frames } = await this.#readAll(pictures, gone);
      const groups = tensors.groups().map(({ rows, tensor }): RowGroup => {
        const others = rows.length === records.length ? beside : this.#beside.read(rows.map((row) => records[row]!));
        return { rows, inputs: { ...others, ...this.#maskFor(tensor), [this.#input.name]: tensor } };
      });
      const isOneSize = groups.length === 1;
      const read = isOneSize ? { inputs: groups[0]!.inputs } : { inputs: noTensors(), groups };
      return { ...read, count: pictures.length, warnings: [], frames };
    } finally {
      heldBytes -= bytes;
    }
  }

  /**
   * Reads the pictures in a JSON body, whose forms `picturesIn` lists; undefined where it holds none.
   *
   * @param features names of the model's own features
   * @throws NestorError INVALID_ROWS where a record is no picture beside others that are, and what `read` throws
   */
  readRecords(body: unknown, features: ReadonlySet<string>, gone: () => boolean): Promise<PictureRows> | undefined {
    const found = picturesIn(body, features, this.#beside.names);
    return found && this.#read(found.pictures, found.beside, gone);
  }

  #maskFor(pictures: Tensor): Tensors {
    if (this.#mask === undefined) return {};
    return { [MASK]: maskFor(this.#mask, pictures, this.#options.layout === 'NHWC') };
  }

  async #readAll(pictures: readonly PictureSource[], gone: () => boolean): Promise<ReadPictures> {
    const count = pictures.length;
    const tensors =
      this.#size === undefined
        ? new TensorsBySize(this.#input, this.#writer)
        : new TensorOfOneSize(this.#input, this.#writer, count);
    const frames = new Array<Frame | undefined>(count);
    const failures: { row: number; error: NestorError }[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < count) {
        if (gone()) throw new NestorError('CANCELLED', 'The client left before its pictures were decoded.');
        const row = next;
        next += 1;
        try {
          const { picture, frame } = await this.#field(pictures[row]!);
          frames[row] = frame;
          tensors.put(row, picture);
        } catch (error) {
          failures.push({ row, error: toNestorError(error) });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
    if (failures.length > 0) throw together(failures);
    return { tensors, frames };
  }

  /** The picture in the size and with the channels that the model takes. */
  async #field(source: PictureSource): Promise<Framed> {
    const { centre = false, invert = false } = this.#options;
    const { picture, frame } =
      source instanceof Uint8Array ? await decoding.take(() => decode(source, this.#wanted)) : this.#fromPixels(source);
    const colours = invert ? inverted : (same: Picture) => same;
    const field = inPlaceOf(picture, this.#channels === 1 ? toGrey(picture, invert) : colours(picture));
    if (!centre || this.#size === undefined) return { picture: field, frame };
    const drawing = centred(field, this.#size.width, this.#size.height);
    if (drawing !== undefined) return { picture: inPlaceOf(field, drawing), frame: undefined };
    throw new NestorError(
      'INVALID_IMAGE',
      `is blank: ${invert ? 'dark ink on white' : 'bright ink on black'} is expected`,
    );
  }

  #fromPixels({ pixels }: { readonly pixels: readonly unknown[] }): Framed {
    const picture = pictureOfPixels(pixels, this.#size, this.#channels);
    const field = { width: picture.width, height: picture.height };
    return { picture, frame: { picture: field, field, scale: { x: 1, y: 1 }, offset: { x: 0, y: 0 } } };
  }
}

/** One error for the pictures that could not be read: the first one's, with all of them by row. */
function together(failures: { row: number; error: NestorError }[]): NestorError {
  failures.sort((a, b) => a.row - b.row);
  const { error } = failures[0]!;
  // What is no fault of a picture is said as it is.
  if (error.entry.status >= 500) return error;
  const issues: Issue[] = failures
    .slice(0, MAX_LISTED)
    .map((failure) => ({ row: failure.row, detail: `row ${failure.row}: ${failure.error.message}` }));
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : '';
  const unlisted = failures.length - issues.length;
  return new NestorError(error.code, `${issues[0]!.detail}${more}`, {
    errors: unlisted > 0 ? [...issues, { detail: `and ${unlisted} more` }] : issues,
    cause: error.cause,
  });
}
