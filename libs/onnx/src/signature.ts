import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { datatypeOfElement, unpassableName } from './datatype.ts';
import { ModelLoadError } from './model-load-error.ts';
import type { NativeMetadata } from './native-session.ts';
import type { ModelContent } from './source/model-content.ts';

/** What a loaded model takes and gives, and the outputs that exist but cannot be had. */
export interface ReadSignature {
  readonly signature: Signature;
  /** Outputs that are sequences or maps: the runtime does not hand them to Node. */
  readonly unservedOutputs: readonly string[];
}

/**
 * Reads the signature off a session. Symbolic dimensions become -1.
 *
 * @param inputShapes of inputs that the model does not tell: the runtime does not tell a tensor of unknown rank from a
 * scalar, both have the shape []
 * @throws ModelLoadError where an input cannot be passed, or no output can be had
 */
export function readSignature(
  path: string,
  session: { readonly inputs: readonly NativeMetadata[]; readonly outputs: readonly NativeMetadata[] },
  inputShapes: ModelContent['inputShapes'] = new Map(),
): ReadSignature {
  const inputs = session.inputs.map((value) => {
    if (!value.isTensor) {
      throw new ModelLoadError(
        path,
        `its input "${value.name}" is a sequence or a map, which cannot be passed from Node. ` +
          'Export the model so that every input is a tensor.',
      );
    }
    return readSpec(path, 'input', { ...value, shape: inputShapes.get(value.name) ?? value.shape });
  });
  const outputs = session.outputs.filter((value) => value.isTensor).map((value) => readSpec(path, 'output', value));
  const unservedOutputs = session.outputs.filter((value) => !value.isTensor).map((value) => value.name);
  if (outputs.length === 0) {
    throw new ModelLoadError(
      path,
      `it has no tensor among its outputs (${unservedOutputs.map((name) => `"${name}"`).join(', ')}): sequences and maps ` +
        'cannot be returned to Node. End the graph in tensors, and export again.',
    );
  }
  return { signature: { inputs, outputs }, unservedOutputs };
}

function readSpec(path: string, side: 'input' | 'output', { name, type, shape }: NativeMetadata): TensorSpec {
  const datatype = datatypeOfElement(type);
  if (datatype === undefined) {
    throw new ModelLoadError(
      path,
      `its ${side} "${name}" is of datatype ${unpassableName(type)}, which the Node binding of ONNX Runtime cannot pass. ` +
        'Add a Cast to float32 (of 4-bit integers, to int8) at that border and export again.',
    );
  }
  return { name, datatype, shape: shape.map((dimension) => (dimension < 0 ? DYNAMIC : dimension)) };
}
