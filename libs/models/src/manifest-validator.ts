import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Manifest } from './manifest-type.ts';
import schema from './model.schema.json' with { type: 'json' };
import { VALIDATOR_OPTIONS } from './validator-options.ts';

let compiled: ValidateFunction<Manifest> | undefined;

/**
 * Checks a manifest against model.schema.json. The sources compile the schema on first use. The bundle replaces this
 * file with the compiled function, since compiling takes longer than loading a model.
 */
export function manifestValidator(): ValidateFunction<Manifest> {
  compiled ??= new Ajv2020(VALIDATOR_OPTIONS).compile<Manifest>(schema);
  return compiled;
}
