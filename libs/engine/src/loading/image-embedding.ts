import { ImageOptionsError } from '#images';
import type { Manifest } from '#models';
import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';

const TASK = 'image-embedding';
/** Exporters' names for the vector of a picture: embedding, image_embeds, … */
const NAME = /embed/i;

/**
 * The manifest of a model that turns a picture into a vector: by its task or, without a task, if an output has the name
 * of an embedding. A vector with another name may contain the scores of unnamed classes.
 *
 * @throws ImageOptionsError if the task asks for a vector that the model does not have
 */
export function withEmbedding(manifest: Manifest, { outputs }: Signature): Manifest {
  const { task, image, labels, outputs: said, target } = manifest;
  if (task !== TASK && (task !== undefined || image === undefined || (labels ?? said ?? target) !== undefined))
    return manifest;
  if (image === undefined) throw new ImageOptionsError(`The task ${TASK} takes pictures: write an "image" block.`);
  const vectors = outputs.filter(isVector);
  const named = vectors.filter(({ name }) => NAME.test(name));
  const found = named.length === 1 ? named[0] : task === TASK ? vectors[0] : undefined;
  if (found === undefined && task === TASK)
    throw new ImageOptionsError(`The task ${TASK} needs an output [N, width] of floats, and the model has none.`);
  if (found === undefined) return manifest;
  return { ...manifest, task: TASK, outputs: { prediction: { from: found.name, as: 'embedding' }, ...said } };
}

const isVector = ({ datatype, shape }: TensorSpec): boolean =>
  datatype.startsWith('FP') && shape.length === 2 && (shape[1] === DYNAMIC || shape[1]! > 1);
