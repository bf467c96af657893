import { cutsTensors, type ModelVersion } from '#engine';
import { type Datatype, DYNAMIC, type TensorSpec } from '#tensor';
import { arrayOf, objectOf, ref, type Schema } from '../openapi/schema.ts';

const text: Schema = { type: 'string' };
const parameters: Schema = { type: 'object' };
/** Some clients write null for an absent member. */
const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema['type'], 'null'] });
const size: Schema = { type: 'integer', minimum: 0 };

/** The JSON type of an element. Responses write NaN and infinities as null. */
const elementOf = (datatype: Datatype): Schema => {
  if (datatype === 'BOOL') return { type: 'boolean' };
  if (datatype === 'BYTES') return text;
  return { type: datatype.startsWith('FP') ? 'number' : 'integer' };
};

/** A request to one model: its inputs by name, datatype and shape. */
export function inferRequestSchema({ signature, rows: rowsFound, limits }: ModelVersion): Schema {
  const open: Schema = limits.emptyDimensions ? size : { type: 'integer', minimum: 1 };
  const least = limits.emptyDimensions && !rowsFound.oneAtATime ? 0 : 1;
  const rows: Schema = cutsTensors(rowsFound) ? { type: 'integer', minimum: least, maximum: limits.maxRows } : open;
  return openObject(
    {
      id: orNull(text),
      parameters: orNull(parameters),
      inputs: {
        ...arrayOf(oneOf(signature.inputs.map((input) => inputSchema(input, rows, open)))),
        minItems: signature.inputs.length,
        maxItems: signature.inputs.length,
      },
      outputs: ref('RequestedOutputs'),
    },
    ['id', 'parameters', 'outputs'],
  );
}

/** A response of one model. Outputs requested as bytes or as classes differ in `data` and `datatype`. */
export function inferResponseSchema({ name, signature }: ModelVersion): Schema {
  return openObject(
    {
      model_name: { const: name },
      model_version: text,
      id: text,
      parameters,
      outputs: arrayOf(oneOf(signature.outputs.map(outputSchema))),
    },
    ['id', 'parameters'],
  );
}

/** An object that may have further members, such as those of another server's extensions. */
const openObject: typeof objectOf = (properties, optional) => {
  const { additionalProperties: _, ...open } = objectOf(properties, optional);
  return open;
};

const oneOf = (schemas: readonly Schema[]): Schema => (schemas.length === 1 ? schemas[0]! : { oneOf: schemas });

function inputSchema({ name, datatype, shape }: TensorSpec, rows: Schema, open: Schema): Schema {
  return openObject(
    {
      name: { const: name },
      datatype: { const: datatype },
      shape: shapeSchema(shape, rows, open),
      parameters: orNull(parameters),
      data: ref(DATA[String(elementOf(datatype)['type'])]!),
    },
    ['parameters', 'data'],
  );
}

function outputSchema({ name, datatype }: TensorSpec): Schema {
  return openObject(
    {
      name: { const: name },
      datatype: datatype === 'BYTES' ? { const: datatype } : { enum: [datatype, 'BYTES'] },
      shape: ref('Shape'),
      parameters,
      data: ref(VALUES[String(elementOf(datatype)['type'])]!),
    },
    ['parameters', 'data'],
  );
}

/** @param open the schema of a dynamic dimension other than the rows */
function shapeSchema(shape: readonly number[], rows: Schema, open: Schema): Schema {
  return {
    type: 'array',
    prefixItems: shape.map((dimension, at) => (dimension !== DYNAMIC ? { const: dimension } : at === 0 ? rows : open)),
    items: { type: 'integer' },
    minItems: shape.length,
    maxItems: shape.length,
  };
}

/** The schema of an input's data, by the JSON type of its elements. */
const DATA: Readonly<Record<string, string>> = {
  boolean: 'BooleanData',
  string: 'StringData',
  number: 'NumberData',
  integer: 'IntegerData',
};

/** The schema of an output's data. */
const VALUES: Readonly<Record<string, string>> = {
  boolean: 'BooleanValues',
  string: 'StringValues',
  number: 'NumberValues',
  integer: 'IntegerValues',
};

const VALUE_SCHEMAS = Object.entries(VALUES).map(([type, name]): [string, Schema] => [
  name,
  arrayOf({ type: type === 'number' ? [type, 'null', 'string'] : [...new Set([type, 'string'])] }),
]);

const DATA_SCHEMAS = Object.entries(DATA).map(([type, name]): [string, Schema] => [
  name,
  {
    description: 'Flat in row-major order, or nested like the shape. Omitted if the bytes follow the JSON.',
    ...arrayOf({ anyOf: [{ type }, arrayOf({})] }),
  },
]);

const tensorMetadata = objectOf({ name: text, datatype: text, shape: arrayOf({ type: 'integer', minimum: -1 }) });
const duration = objectOf({ count: size, ns: size });
const compute = { compute_input: duration, compute_infer: duration, compute_output: duration };

/** The schemas that all models share. */
export const PROTOCOL_SCHEMAS: Readonly<Record<string, Schema>> = {
  ...Object.fromEntries([...DATA_SCHEMAS, ...VALUE_SCHEMAS]),
  Shape: arrayOf(size),
  RequestedOutput: openObject({ name: text, parameters: orNull(parameters) }, ['parameters']),
  RequestedOutputs: orNull(arrayOf(ref('RequestedOutput'))),
  OpenInferenceBytes: {
    type: 'string',
    format: 'binary',
    description:
      'JSON followed by the bytes of tensors. The header Inference-Header-Content-Length gives the length of the JSON in bytes. A response with binary outputs has this form too.',
  },
  OpenInferenceError: objectOf({ error: text }),
  OpenInferenceServer: objectOf({ name: text, version: text, extensions: arrayOf(text) }),
  OpenInferenceModel: objectOf({
    name: text,
    versions: arrayOf(text),
    platform: text,
    inputs: arrayOf(tensorMetadata),
    outputs: arrayOf(tensorMetadata),
  }),
  OpenInferenceModelReadiness: objectOf({ name: text, ready: { type: 'boolean' }, error: text }, ['error']),
  OpenInferenceStatistics: objectOf({
    model_stats: arrayOf(
      objectOf({
        name: text,
        version: text,
        last_inference: size,
        inference_count: size,
        execution_count: size,
        inference_stats: objectOf({
          success: duration,
          fail: duration,
          queue: duration,
          ...compute,
          cache_hit: duration,
          cache_miss: duration,
        }),
        batch_stats: arrayOf(objectOf({ batch_size: size, ...compute })),
      }),
    ),
  }),
  OpenInferenceIndexEntry: objectOf(
    { name: text, version: text, state: { enum: ['READY', 'LOADING', 'UNLOADING', 'UNAVAILABLE'] }, reason: text },
    ['version'],
  ),
};
