import type { ModelVersion } from '#engine';
import { itemRank, type Member, type PredictionWriter } from '#features';
import type { Datatype } from '#tensor';
import { arrayOf, objectOf, ref, type Schema } from '../openapi/schema.ts';
import { detectionsSchema } from './detection-schemas.ts';
import { hasLikeliest } from './top.ts';

/** Above this number of classes, a schema has no property for each: it would be longer than all others together. */
const MOST_CLASSES = 100;

/** The response of one model. */
export function answerSchema(model: ModelVersion): Schema {
  const { writer, manifest } = model;
  const [prediction, ...others] = writer.members;
  const further = Object.fromEntries(others.map((member) => [member.key, itemsOf(memberItem(member, model), member)]));
  return objectOf(
    {
      [prediction!.key]: itemsOf(predictionItem(model), { output: manifest.target ?? prediction!.output }),
      ...further,
      model: ref('ModelReference'),
      warnings: ref('Warnings'),
    },
    ['warnings'],
  );
}

/** The prediction for a row: a label, labels, a number, or any other output of the model. */
function predictionItem({ writer, rows }: ModelVersion): Schema {
  const { choice } = writer;
  if (choice.prediction?.kind === 'detections') return detectionsSchema(writer.labels);
  if (choice.prediction !== undefined) return outputItem(choice.prediction, rows.kind !== 'none');
  const isList = choice.classes!.hasManyLabels && choice.classes!.threshold !== undefined;
  const label = labelSchema(writer);
  // A row whose classes have no finite value has no highest class: its label is null.
  return isList ? arrayOf(label) : orNull(label);
}

function labelSchema({ labels, classes }: PredictionWriter): Schema {
  if (labels !== undefined) return { enum: [...new Set(labels)] };
  return classes !== undefined && classes.length > 0 && classes.length <= MOST_CLASSES
    ? { enum: classes.map(Number) }
    : { type: 'integer' };
}

const orNull = (schema: Schema): Schema =>
  schema['enum'] === undefined
    ? { ...schema, type: [schema['type'], 'null'] }
    : { enum: [...(schema['enum'] as unknown[]), null] };

/** The schema of a member other than the prediction. */
function memberItem({ output }: Member, model: ModelVersion): Schema {
  if (output === undefined || !('isBinary' in output)) return outputItem(output!, model.rows.kind !== 'none');
  const value = ref(output.kind === 'probabilities' ? 'Probability' : 'Score');
  const classes =
    output.labels?.map(String) ?? Array.from({ length: Math.max(0, output.spec.shape[1]!) }, (_, at) => `${at}`);
  if (classes.length === 0 || classes.length > MOST_CLASSES) return { type: 'object', additionalProperties: value };
  // With "top" a row has only some of its classes.
  const optional = hasLikeliest(model) ? classes : [];
  return objectOf(Object.fromEntries(classes.map((label) => [label, value])), optional);
}

/** An output as it is, cut into rows. */
function outputItem({ spec, kind, labels }: NonNullable<Member['output']>, hasRows: boolean): Schema {
  if (kind === 'entities') return arrayOf(entitySchema(labels));
  // The shape of such an output is known only at run time.
  if (spec.shape.length === 0) return {};
  const isLabel = labels !== undefined && !spec.datatype.startsWith('FP');
  const cell: Schema = isLabel ? { enum: [...new Set(labels)] } : { type: cellType(spec.datatype) };
  return listsOf(cell, itemRank(spec, hasRows));
}

function entitySchema(labels: readonly (string | number)[] = []): Schema {
  const place: Schema = {
    type: 'integer',
    minimum: 0,
    description: 'An offset in UTF-16 code units of the text sent.',
  };
  return objectOf({
    label: labels.length > 0 ? { enum: labels } : { type: 'string' },
    score: { type: 'number', minimum: 0, maximum: 1 },
    text: { type: 'string' },
    start: place,
    end: place,
  });
}

/** Responses have null for floats that are not finite. */
function cellType(datatype: Datatype): string | string[] {
  if (datatype.startsWith('FP')) return ['number', 'null'];
  if (datatype === 'BYTES') return 'string';
  return datatype === 'BOOL' ? 'boolean' : 'integer';
}

function listsOf(cell: Schema, rank: number): Schema {
  return rank === 0 ? cell : arrayOf(listsOf(cell, rank - 1));
}

function itemsOf(
  item: Schema,
  {
    output = {},
  }: { readonly output?: { readonly title?: string | undefined; readonly unit?: string | undefined } | undefined },
): Schema {
  const about = [output.title, output.unit && `in ${output.unit}`].filter(Boolean).join(' ');
  return { ...arrayOf(item), ...(about && { description: about }) };
}
