import { availableParallelism } from 'node:os';
import { type Issue, NestorError, toNestorError } from '#errors';
import {
  allocate,
  BYTES_PER_ELEMENT,
  elementCount,
  type Frame,
  freeView,
  type Signature,
  type TensorData,
  type Tensors,
  type TensorSpec,
} from '#tensor';
import { centred } from './centre.ts';
import { decode, type Wanted } from './decode.ts';
import { fitting } from './fit.ts';
import { type ImageInput, imageInputOf } from './image-input.ts';
import { type ImageOptions, ImageOptionsError, requireEffect } from './image-options.ts';
import { LevelWriter } from './levels.ts';
import { LIMITS } from './limits.ts';
import { inPlaceOf, inverted, type Picture, toGrey } from './picture.ts';
import { type JsonRecord, picturesIn } from './picture-records.ts';
import { Turns } from './turns.ts';

/** A picture as it is sent: a file, or the levels of its pixels in the model's own size. */
export type PictureSource = Uint8Array | { readonly pixels: readonly unknown[] };

/** The pictures of one request, ready for the model; a row each. */
export interface PictureRows {
  readonly count: number;
  readonly inputs: Tensors;
  readonly warnings: readonly never[];
  /** Where each picture lies in its tensor; of drawings that are centred, nothing is said. */
  readonly frames: readonly (Frame | undefined)[];
}

/** A picture, and where what was sent lies in it. */
interface Framed {
  readonly picture: Picture;
  readonly frame: Frame | undefined;
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
  /** The model's, in which the input is of the size that the `image` block names. */
  readonly signature: Signature;
  readonly #input: ImageInput;
  readonly #writer: LevelWriter;
  readonly #maxRows: number;
  readonly #options: ImageOptions;
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
    this.#beside = beside;
    const sized = (spec: TensorSpec): TensorSpec =>
      spec.name === this.#input.name ? { ...spec, shape: [spec.shape[0]!, ...this.#input.shape] } : spec;
    this.signature = { ...signature, inputs: signature.inputs.map(sized) };
    this.#writer = new LevelWriter(options, this.#channels, this.#input.datatype);
    this.#options = options;
    const bytes = this.pixelCount * BYTES_PER_ELEMENT[this.#input.datatype];
    this.#maxRows = Math.min(maxRows, Math.max(1, Math.floor(LIMITS.tensorBytes / bytes)));
    const { scaling = 'bilinear', antialias = true, background = PAPER } = options;
    this.#wanted = { fit: fitting(options), scaling, antialias, background };
  }

  /** Most pictures of one request. */
  get maxRows(): number {
    return this.#maxRows;
  }

  /** Levels of one picture sent as pixels: width · height · channels. */
  get pixelCount(): number {
    return this.#options.width * this.#options.height * this.#channels;
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
      const { inputs, ...rows } = await this.#readAll(pictures, gone);
      return { ...rows, inputs: { ...beside, ...inputs } };
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

  async #readAll(pictures: readonly PictureSource[], gone: () => boolean): Promise<PictureRows> {
    const count = pictures.length;
    const { name, datatype, shape } = this.#input;
    const size = elementCount(shape);
    let data: TensorData | undefined;
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
          // Storage is taken once there is something to put into it.
          data ??= allocate(datatype, count * size);
          this.#writer.write(picture, data, row * size);
          freeView(picture.data);
        } catch (error) {
          failures.push({ row, error: toNestorError(error) });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
    if (failures.length > 0) throw together(failures);
    return { count, inputs: { [name]: { datatype, shape: [count, ...shape], data: data! } }, warnings: [], frames };
  }

  /** The picture in the size and with the channels that the model takes. */
  async #field(source: PictureSource): Promise<Framed> {
    const { width, height, centre = false, invert = false } = this.#options;
    const { picture, frame } =
      source instanceof Uint8Array ? await decoding.take(() => decode(source, this.#wanted)) : this.#fromPixels(source);
    const colours = invert ? inverted : (same: Picture) => same;
    const field = inPlaceOf(picture, this.#channels === 1 ? toGrey(picture, invert) : colours(picture));
    if (!centre) return { picture: field, frame };
    const drawing = centred(field, width, height);
    if (drawing !== undefined) return { picture: inPlaceOf(field, drawing), frame: undefined };
    throw new NestorError(
      'INVALID_IMAGE',
      `is blank: ${invert ? 'dark ink on white' : 'bright ink on black'} is expected`,
    );
  }

  #fromPixels({ pixels }: { readonly pixels: readonly unknown[] }): Framed {
    const { width, height } = this.#options;
    const channels = this.#channels;
    if (pixels.length !== this.pixelCount) {
      throw new NestorError(
        'INVALID_ROWS',
        `has ${pixels.length} pixels; ${this.pixelCount} are expected (${width} × ${height}, ${channels} a pixel, rows from the top)`,
      );
    }
    const wrong = pixels.findIndex(
      (level) => !Number.isInteger(level) || (level as number) < 0 || (level as number) > 255,
    );
    if (wrong !== -1)
      throw new NestorError('INVALID_ROWS', `pixels[${wrong}] is not a whole number from 0 (dark) to 255 (light)`);
    const field = { width, height };
    const frame = { picture: field, field, scale: { x: 1, y: 1 }, offset: { x: 0, y: 0 } };
    return { picture: { ...field, channels, data: Uint8Array.from(pixels as readonly number[]) }, frame };
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
