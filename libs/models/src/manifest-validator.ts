import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Manifest } from './manifest-type.ts';
import schema from './model.schema.json' with { type: 'json' };
import { VALIDATOR_OPTIONS } from './validator-options.ts';

let compiled: ValidateFunction<Manifest> | undefined;

/**
 * What checks a manifest against model.schema.json. Sources compile it on first use; in the bundle this file is replaced
 * by the compiled function, as compiling takes longer than to load a model.
 */
export function manifestValidator(): ValidateFunction<Manifest> {
  compiled ??= new Ajv2020(VALIDATOR_OPTIONS).compile<Manifest>(schema);
  return compiled;
}
