import { DYNAMIC, type Signature, type Tensors } from '#tensor';

/**
 * The signature with the outputs' actual dimensions. Some converters declare one column for several, such as skl2onnx
 * for a forest with two targets. The first dimension stays as declared.
 */
export function withAnsweredShapes(signature: Signature, answers: readonly Tensors[]): Signature {
  const outputs = signature.outputs.map((output) => {
    const shapes = answers.map((answer) => answer[output.name]!.shape);
    const isOther = shapes.some((shape) => shape.length !== output.shape.length);
    if (isOther) return output;
    const shape = output.shape.map((declared, axis) =>
      axis === 0 ? declared : answeredSize(declared, new Set(shapes.map((sizes) => sizes[axis]!))),
    );
    return { ...output, shape };
  });
  return { ...signature, outputs };
}

/** The signature with the sizes that open dimensions of outputs had in all answers. */
export function withSeenSizes(signature: Signature, answers: readonly Tensors[]): Signature {
  const outputs = signature.outputs.map((output) => {
    const shapes = answers.map((answer) => answer[output.name]!.shape);
    const sizesOf = (axis: number): ReadonlySet<number> => new Set(shapes.map((sizes) => sizes[axis] ?? DYNAMIC));
    const shape = output.shape.map((declared, axis) => {
      const [size = DYNAMIC, ...others] = declared === DYNAMIC ? sizesOf(axis) : [declared];
      return others.length > 0 ? DYNAMIC : size;
    });
    return { ...output, shape };
  });
  return { ...signature, outputs };
}

function answeredSize(declared: number, answered: ReadonlySet<number>): number {
  const isRight = declared === DYNAMIC || [...answered].every((size) => size === declared);
  if (isRight) return declared;
  const [size] = answered;
  return answered.size === 1 ? size! : DYNAMIC;
}
