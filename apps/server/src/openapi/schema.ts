/** A JSON Schema (2020-12), as in OpenAPI 3.1. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object with these members and no others; those in `optional` may be absent. */
export function objectOf(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

export const arrayOf = (items: Schema, bounds: Schema = {}): Schema => ({ type: 'array', items, ...bounds });
