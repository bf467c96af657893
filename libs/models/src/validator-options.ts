/**
 * Options for compiling model.schema.json. A spec checks that the schema itself is valid, since that would take four
 * times as long as compiling it.
 */
export const VALIDATOR_OPTIONS = {
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  validateSchema: false,
  meta: false,
} as const;
