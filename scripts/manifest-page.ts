import schema from '../libs/models/src/model.schema.json' with { type: 'json' };

/** The part of JSON Schema that model.schema.json uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
  readonly examples?: readonly Readonly<Record<string, unknown>>[];
}

/** An object of the manifest: its path, such as "features[]", and its schema. */
interface Section {
  readonly path: string;
  readonly object: Schema;
}

const ROOT = schema as Schema;
const DEFINITIONS = schema.$defs as unknown as Readonly<Record<string, Schema>>;

/** A schema merged over the one that it refers to. */
export function resolved({ $ref, ...own }: Schema): Schema {
  return $ref === undefined ? own : { ...DEFINITIONS[$ref.replace('#/$defs/', '')], ...own };
}

/** The manifest, then each object in it, from the outside in. */
export function sections(): readonly Section[] {
  return [{ path: 'model.json', object: ROOT }, ...objectsIn(ROOT, '')];
}

function objectsIn(object: Schema, prefix: string): Section[] {
  return Object.entries(object.properties ?? {}).flatMap(([key, property]) => {
    const found = objectOf(property, `${prefix}${key}`);
    return found === undefined ? [] : [found, ...objectsIn(found.object, `${found.path}.`)];
  });
}

/** The object with its own keys in a property: the property itself, an item of a list, or a value under any key. */
function objectOf(property: Schema, path: string): Section | undefined {
  const { properties, items, additionalProperties, oneOf, examples } = resolved(property);
  if (properties !== undefined) return examples === undefined ? undefined : { path, object: resolved(property) };
  if (items !== undefined) return objectOf(items, `${path}[]`);
  if (typeof additionalProperties === 'object') return objectOf(additionalProperties, `${path}.*`);
  return oneOf?.map((one) => objectOf(one, path)).find((one) => one !== undefined);
}

/** docs/model-json.md: every key of a manifest with its type, default, meaning and example. */
export function manifestPage(madeFrom: string): string {
  return `# Reference of \`model.json\`

${madeFrom}

\`model.json\` in a model's folder adds what the ONNX file does not say. Every key is optional, and so is the file. Begin with
\`nestor init\`, which writes one for your model. An unknown key or an invalid value stops the load with an error that names
it. Set \`"$schema"\` to the address of [model.schema.json](model.schema.json), and your editor completes the keys.

For how the parts work, see [inputs](inputs.md), [answers](answers.md), [pictures](images.md), [detection](detection.md),
[text models](text.md) and [rows](rows.md). In the headings below, \`[]\` stands for each element of a list, and \`*\` for any key.

${sections().map(sectionText).join('\n\n')}
`;
}

function sectionText({ path, object }: Section): string {
  const keys = Object.entries(object.properties!).map(([key, property]) => {
    const { description = '' } = resolved(property);
    const fallback = object.required?.includes(key) ? 'required' : defaultOf(description, resolved(property));
    const cells = [`\`${key}\``, typeOf(property, path, key), fallback, meaningOf(description), exampleOf(object, key)];
    return `| ${cells.join(' | ')} |`;
  });
  return `## \`${path}\`

${meaningOf(object.description!)}

| Key | Type | Default | Meaning | Example |
|---|---|---|---|---|
${keys.join('\n')}`;
}

function typeOf(property: Schema, path: string, key: string): string {
  const { enum: values, oneOf, type, items, minItems, maxItems, properties, additionalProperties } = resolved(property);
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
  if (oneOf !== undefined) return oneOf.map((one) => typeOf(one, path, key)).join('; or ');
  if (items !== undefined) {
    const count = minItems !== undefined && minItems === maxItems ? ` of ${minItems}` : '';
    return `list${count}: ${typeOf(items, path, key)}`;
  }
  if (properties === undefined && additionalProperties === undefined)
    return [type].flat().join(' or ').replace('array', 'list') + boundsOf(resolved(property));
  const at = objectOf(property, path === 'model.json' ? key : `${path}.${key}`);
  if (at === undefined) {
    const members = Object.entries(properties!).map(([name, one]) => `${name}: ${typeOf(one, path, name)}`);
    return `{ ${members.join(', ')} }`;
  }
  return `[object](#${at.path.toLowerCase().replace(/[^a-z-]/g, '')})`;
}

function boundsOf({ minimum, exclusiveMinimum, maximum }: Schema): string {
  if (exclusiveMinimum !== undefined)
    return maximum === undefined ? `, above ${exclusiveMinimum}` : `, above ${exclusiveMinimum}, up to ${maximum}`;
  if (minimum === undefined) return '';
  return maximum === undefined ? `, from ${minimum}` : `, ${minimum} to ${maximum}`;
}

const WITHOUT_IT = / ?Without it(?:[:,])? (.*?)\.(?= |$)/;

/** The default without the key, as the description says it. */
function defaultOf(description: string, { enum: values }: Schema): string {
  const said = WITHOUT_IT.exec(description)?.[1] ?? /(?:^|[.;] )((?:[^.;]|\.\d)+) by default/.exec(description)?.[1];
  if (said !== undefined) return said;
  const [before, after] = description.split(/\(?,? ?\(?the default/);
  if (after === undefined) return '';
  const last = values?.toSorted((a, b) => before!.lastIndexOf(`${a}`) - before!.lastIndexOf(`${b}`)).at(-1);
  return `\`${last ?? true}\``;
}

const meaningOf = (description: string): string =>
  description
    .replace(WITHOUT_IT, '')
    .replace(/ \S+ by default\.$/, '')
    .trim();

/** The key's value in the first example that has it. */
function exampleOf({ examples = [] }: Schema, key: string): string {
  const example = examples.find((one) => key in one);
  return example === undefined ? '' : `\`${JSON.stringify(example[key])}\``;
}
