import { CONTRIBUTED } from './rules/contributed.ts';
import { CONVOLVING } from './rules/convolving.ts';
import { COUNTING } from './rules/counting.ts';
import { ELEMENTWISE } from './rules/elementwise.ts';
import { MOVING } from './rules/moving.ts';
import { NORMALISING } from './rules/normalisation.ts';
import { MULTIPLYING } from './rules/products.ts';
import { RECURRING } from './rules/recurring.ts';
import { REDUCING } from './rules/reductions.ts';
import { RESHAPING } from './rules/reshaping.ts';
import { SELECTING } from './rules/selecting.ts';
import { OF_TABLES, OF_TEXT } from './rules/tables.ts';
import type { Rule, Rules } from './step.ts';

/** The operators that are known, by their sets. An operator without a rule may do anything. */
const RULES: ReadonlyMap<string, Rules> = new Map([
  [
    'ai.onnx',
    {
      ...{ ...COUNTING, ...ELEMENTWISE, ...REDUCING, ...NORMALISING, ...RESHAPING, ...MOVING, ...SELECTING },
      ...{ ...MULTIPLYING, ...CONVOLVING, ...RECURRING, ...OF_TEXT },
    },
  ],
  ['ai.onnx.ml', OF_TABLES],
  ['com.microsoft', CONTRIBUTED],
]);

export function ruleOf(domain: string, operator: string): Rule | undefined {
  const rules = RULES.get(domain);
  return rules !== undefined && Object.hasOwn(rules, operator) ? rules[operator] : undefined;
}
