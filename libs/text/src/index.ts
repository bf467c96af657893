export { type Entity, entitiesOf, entityLabels } from './entities.ts';
export { labelsOf } from './labels.ts';
export { normalised, pooled } from './pooling.ts';
export { readBeside } from './read-beside.ts';
export { readTextFolder, type TextFolder } from './text-folder.ts';
export { type TextOptions, TextOptionsError, type TextTask } from './text-options.ts';
export { planText, takesTokens, TOKEN_INPUTS, type TextPlan } from './text-plan.ts';
export { TextTokenizer } from './tokenizer.ts';
export type { Tokens } from './tokens.ts';
