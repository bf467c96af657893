import { allocate, copyInto, elementCount, tensorOf, type Tensors } from '#tensor';

/** A run whose outputs cannot be split into rows. */
export class MisshapenOutput extends Error {
  override readonly name = 'MisshapenOutput';
}

/** The outputs of a job that ran in parts, filled in the order in which the parts end. */
export class Assembly {
  readonly outputs: Tensors;

  /** @param part the outputs of any part, for names, datatypes and inner dimensions */
  constructor(part: Tensors, rows: number) {
    this.outputs = Object.fromEntries(
      Object.entries(part).map(([name, { datatype, shape }]) => {
        const whole = [rows, ...shape.slice(1)];
        return [name, tensorOf(datatype, whole, allocate(datatype, elementCount(whole)))];
      }),
    );
  }

  /** @throws MisshapenOutput if a part's inner dimensions differ from the others' */
  add(part: Tensors, from: number): void {
    for (const name in this.outputs) {
      const { shape, data } = this.outputs[name]!;
      const piece = part[name]!;
      if (
        piece.shape.length !== shape.length ||
        piece.shape.some((dimension, axis) => axis > 0 && dimension !== shape[axis])
      ) {
        throw new MisshapenOutput(
          `Output "${name}" has shape [${piece.shape.join(', ')}] for some rows and [${shape.join(', ')}] for others.`,
        );
      }
      copyInto(data, piece.data, from * elementCount(shape.slice(1)));
    }
  }
}
