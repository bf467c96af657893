import { readBinaryData, writeBinaryData } from '#binary';
import { NestorError } from '#errors';
import { type Datatype, elementCount, noTensors, type Tensors } from '#tensor';
import type { Question } from './transport.ts';

/** The header of the Open Inference Protocol that says where the JSON ends and the bytes of the tensors begin. */
const JSON_LENGTH = 'inference-header-content-length';

/** A request of the Open Inference Protocol V2, with all tensors in binary. */
export function inferQuestion(inputs: Tensors, outputs: readonly string[] | undefined): Question {
  const entries = Object.entries(inputs).map(([name, tensor]) => ({ name, tensor, data: writeBinaryData(tensor) }));
  const json = JSON.stringify({
    inputs: entries.map(({ name, tensor: { datatype, shape }, data }) => ({
      name,
      datatype,
      shape,
      parameters: { binary_data_size: data.byteLength },
    })),
    ...(outputs && { outputs: outputs.map((name) => ({ name })) }),
    parameters: { binary_data_output: true },
  });
  const head = Buffer.from(json);
  return {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', [JSON_LENGTH]: `${head.length}` },
    body: Buffer.concat([head, ...entries.map(({ data }) => data)]),
  };
}

interface InferAnswer {
  readonly model_version: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: Datatype;
    readonly shape: readonly number[];
    readonly parameters: { readonly binary_data_size: number };
  }[];
}

/** The tensors of an answer, and the version that gave it. */
export async function readAnswer(response: Response): Promise<{ version: string; outputs: Tensors }> {
  const body = Buffer.from(await response.arrayBuffer());
  const length = response.headers.get(JSON_LENGTH);
  if (length === null)
    throw new NestorError('INTERNAL', 'The server answered no binary tensors: is it a Nestor server?');
  let at = Number(length);
  const answer = JSON.parse(body.toString('utf8', 0, at)) as InferAnswer;
  const tensors = noTensors();
  for (const spec of answer.outputs) {
    const { name, datatype, shape, parameters } = spec;
    const end = at + parameters.binary_data_size;
    const expected = { spec, shape, count: elementCount(shape) };
    tensors[name] = { datatype, shape, data: readBinaryData(expected, body.subarray(at, end)) };
    at = end;
  }
  return { version: answer.model_version, outputs: tensors };
}
