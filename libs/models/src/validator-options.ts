/**
 * How model.schema.json is compiled. That the schema itself is a valid one is for the spec to show: checking it each time
 * would take four times as long as compiling it.
 */
export const VALIDATOR_OPTIONS = {
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  validateSchema: false,
  meta: false,
} as const;
