import { NestorError } from '#errors';
import { allocate, BYTES_PER_ELEMENT, elementCount, freeView, type Tensor, tensorOf, type TensorData } from '#tensor';
import { type ImageInput, shapeFor } from './image-input.ts';
import type { LevelWriter } from './levels.ts';
import { LIMITS } from './limits.ts';
import type { Picture } from './picture.ts';

/** Pictures of one size, and where they stand among all of a request. */
export interface SizeGroup {
  readonly rows: readonly number[];
  readonly tensor: Tensor;
}

/** The tensors that the pictures of a request become, one picture after the other in any order. */
export interface PictureTensors {
  /** Takes a picture, whose memory is given back. */
  put(row: number, picture: Picture): void;
  /** A tensor for each size, once all pictures are there. */
  groups(): readonly SizeGroup[];
}

/** Pictures that all have the size of the input: each goes to its place at once. */
export class TensorOfOneSize implements PictureTensors {
  readonly #input: ImageInput;
  readonly #writer: LevelWriter;
  readonly #count: number;
  #data: TensorData | undefined;

  constructor(input: ImageInput, writer: LevelWriter, count: number) {
    this.#input = input;
    this.#writer = writer;
    this.#count = count;
  }

  put(row: number, picture: Picture): void {
    const { datatype, shape } = this.#input;
    const size = elementCount(shape);
    // Storage is taken once there is something to put into it.
    this.#data ??= allocate(datatype, this.#count * size);
    this.#writer.write(picture, this.#data, row * size);
    freeView(picture.data);
  }

  groups(): readonly SizeGroup[] {
    const { datatype, shape } = this.#input;
    const rows = Array.from({ length: this.#count }, (_, row) => row);
    return [{ rows, tensor: tensorOf(datatype, [this.#count, ...shape], this.#data!) }];
  }
}

interface Kept {
  readonly row: number;
  readonly picture: Picture;
}

/** Pictures that keep their proportions: how many have one size shows when all are decoded. */
export class TensorsBySize implements PictureTensors {
  readonly #input: ImageInput;
  readonly #writer: LevelWriter;
  readonly #bySize = new Map<string, Kept[]>();
  #bytes = 0;

  constructor(input: ImageInput, writer: LevelWriter) {
    this.#input = input;
    this.#writer = writer;
  }

  /** @throws NestorError TOO_MANY_ROWS */
  put(row: number, picture: Picture): void {
    this.#bytes += picture.data.length * BYTES_PER_ELEMENT[this.#input.datatype];
    if (this.#bytes > LIMITS.tensorBytes)
      throw new NestorError(
        'TOO_MANY_ROWS',
        `makes the tensors of the request larger than ${LIMITS.tensorBytes / 2 ** 20} MiB: send fewer pictures at a time`,
      );
    const key = `${picture.width} × ${picture.height}`;
    const same = this.#bySize.get(key);
    if (same === undefined) this.#bySize.set(key, [{ row, picture }]);
    else same.push({ row, picture });
  }

  groups(): readonly SizeGroup[] {
    // In the order of their rows, in whatever order they were decoded.
    const groups = [...this.#bySize.values()].map((kept) => kept.toSorted((a, b) => a.row - b.row));
    return groups.toSorted(([a], [b]) => a!.row - b!.row).map((pictures) => this.#groupOf(pictures));
  }

  #groupOf(pictures: readonly Kept[]): SizeGroup {
    const { datatype } = this.#input;
    const shape = shapeFor(this.#input, pictures[0]!.picture);
    const size = elementCount(shape);
    const data = allocate(datatype, pictures.length * size);
    for (const [at, { picture }] of pictures.entries()) {
      this.#writer.write(picture, data, at * size);
      freeView(picture.data);
    }
    return { rows: pictures.map(({ row }) => row), tensor: tensorOf(datatype, [pictures.length, ...shape], data) };
  }
}
