import type { InferenceSession } from 'onnxruntime-node';
import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { datatypeOf } from './datatype.ts';
import { ModelLoadError } from './model-load-error.ts';

/** What a loaded model takes and gives, and the outputs that exist but cannot be had. */
export interface ReadSignature {
  readonly signature: Signature;
  /** Outputs that are sequences or maps (such as ZipMap's): the runtime does not hand them to Node. */
  readonly unservedOutputs: readonly string[];
}

/**
 * Reads the signature off a session. Symbolic dimensions become -1. The runtime does not tell a tensor of unknown rank
 * from a scalar: both have the shape [].
 * @throws ModelLoadError where an input cannot be passed, or no output can be had
 */
export function readSignature(path: string, session: InferenceSession): ReadSignature {
  const inputs = session.inputMetadata.map((value) => {
    if (!value.isTensor) {
      throw new ModelLoadError(
        path,
        `its input "${value.name}" is a sequence or a map, which cannot be passed from Node. ` +
          'Export the model so that every input is a tensor.',
      );
    }
    return readSpec(path, 'input', value);
  });
  const outputs = session.outputMetadata
    .filter((value) => value.isTensor)
    .map((value) => readSpec(path, 'output', value));
  const unservedOutputs = session.outputMetadata.filter((value) => !value.isTensor).map((value) => value.name);
  if (outputs.length === 0) {
    throw new ModelLoadError(
      path,
      `it has no tensor among its outputs (${unservedOutputs.map((name) => `"${name}"`).join(', ')}): sequences and maps ` +
        'cannot be returned to Node. For a scikit-learn classifier export with options={"zipmap": False}; ' +
        'else end the graph in tensors.',
    );
  }
  return { signature: { inputs, outputs }, unservedOutputs };
}

function readSpec(path: string, side: 'input' | 'output', value: InferenceSession.TensorValueMetadata): TensorSpec {
  const datatype = datatypeOf(value.type);
  if (datatype === undefined) {
    throw new ModelLoadError(
      path,
      `its ${side} "${value.name}" is of datatype ${value.type.toUpperCase()}, which cannot be passed from Node. ` +
        'Add a Cast to int8 or uint8 at that border and export again.',
    );
  }
  return {
    name: value.name,
    datatype,
    shape: value.shape.map((dimension) => (typeof dimension === 'number' ? dimension : DYNAMIC)),
  };
}
