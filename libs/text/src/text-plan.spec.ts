import { describe, expect, it } from '@jest/globals';
import type { Signature, TensorSpec } from '#tensor';
import { textFolder } from './testing/text-folder.fixture.ts';
import type { TextFolder } from './text-folder.ts';
import type { TextOptions, TextTask } from './text-options.ts';
import { planText, takesTokens } from './text-plan.ts';

const output = (name: string, shape: readonly number[], datatype = 'FP32') => ({ name, datatype, shape }) as TensorSpec;
const STATES = output('last_hidden_state', [-1, -1, 32]);
const LOGITS = output('logits', [-1, 3]);
const TOKEN_LOGITS = output('logits', [-1, -1, 3]);
const signature = (...outputs: TensorSpec[]): Signature => ({
  inputs: ['input_ids', 'attention_mask'].map((name) => ({ name, datatype: 'INT64', shape: [-1, -1] })),
  outputs,
});
const POOLED = { pooling: { pooling_mode: 'mean' } };
const labelled = (architecture: string, count: number) => ({
  config: {
    architectures: [architecture],
    id2label: Object.fromEntries(Array.from({ length: count }, (_, id) => [id, `l${id}`])),
  },
});

function plan(
  folder: Partial<TextFolder>,
  outputs: TensorSpec | readonly TensorSpec[] = STATES,
  options: TextOptions = {},
  task?: TextTask,
) {
  return planText(textFolder(folder), signature(...[outputs].flat()), options, task);
}

describe('what a model takes', () => {
  const inputs = (...specs: [name: string, datatype: string, shape: number[]][]) =>
    ({ inputs: specs.map(([name, datatype, shape]) => ({ name, datatype, shape })) }) as unknown as Signature;

  it.each([
    [[['input_ids', 'INT64', [-1, -1]]], true],
    [
      [
        ['input_ids', 'INT32', [-1, -1]],
        ['attention_mask', 'INT32', [-1, -1]],
        ['token_type_ids', 'INT32', [-1, -1]],
      ],
      true,
    ],
    [
      [
        ['input_ids', 'INT64', [-1, -1]],
        ['position_ids', 'INT64', [-1, -1]],
      ],
      true,
    ],
    [[['input_ids', 'FP32', [-1, -1]]], false],
    [[['input_ids', 'INT64', [-1]]], false],
    [[['attention_mask', 'INT64', [-1, -1]]], false],
    [
      [
        ['input_ids', 'INT64', [-1, -1]],
        ['pixel_values', 'FP32', [-1, 3, -1, -1]],
      ],
      false,
    ],
  ] as const)('%j: tokens alone? %s', (specs, expected) => {
    expect(takesTokens(inputs(...(specs as unknown as [string, string, number[]][])))).toBe(expected);
  });
});

describe('what a model is for', () => {
  it.each([
    ['BertForSequenceClassification', 3, LOGITS, 'text-classification'],
    ['XLMRobertaForSequenceClassification', 1, output('logits', [-1, 1]), 'rerank'],
    ['DistilBertForTokenClassification', 3, TOKEN_LOGITS, 'token-classification'],
  ] as const)('%s with %d labels', (architecture, count, outputs, task) => {
    expect(plan(labelled(architecture, count), outputs)).toMatchObject({ task });
  });

  it.each(['BertModel', 'XLMRobertaModel', 'MPNetModel', 'Qwen3Model'])('%s is for embeddings', (architecture) => {
    expect(plan({ config: { architectures: [architecture] }, ...POOLED })).toMatchObject({ task: 'text-embedding' });
  });

  it('embeddings, where sentence-transformers wrote the folder, or the output is called so', () => {
    const modules = [{ path: '', type: 'Transformer' }];
    expect(plan({ modules, ...POOLED, config: { architectures: ['BertForMaskedLM'] } })).toMatchObject({
      task: 'text-embedding',
    });
    expect(plan({}, [STATES, output('sentence_embedding', [-1, 32])])).toMatchObject({
      task: 'text-embedding',
      output: { name: 'sentence_embedding' },
      pooling: [],
    });
  });

  it.each([
    'BertForMaskedLM',
    'GPT2LMHeadModel',
    'T5ForConditionalGeneration',
    'T5Model',
    'MT5Model',
    'BartModel',
    'BertForQuestionAnswering',
    undefined,
  ])('nothing that is served with texts: %s', (architecture) => {
    expect(plan({ config: { architectures: architecture && [architecture] } })).toBeUndefined();
  });

  it('what its manifest says, above all', () => {
    expect(
      plan({ config: { architectures: ['BertForMaskedLM'] }, ...POOLED }, STATES, {}, 'text-embedding'),
    ).toMatchObject({ task: 'text-embedding' });
    expect(
      plan(labelled('BertForSequenceClassification', 1), output('logits', [-1, 1]), {}, 'text-classification'),
    ).toMatchObject({ task: 'text-classification', labels: ['l0'] });
  });
});

describe('how it is used', () => {
  it('with labels that exclude each other or do not', () => {
    const folder = labelled('BertForSequenceClassification', 3);
    expect(plan(folder, LOGITS)).toMatchObject({ labels: ['l0', 'l1', 'l2'], hasManyLabels: false });
    const many = { config: { ...folder.config, problem_type: 'multi_label_classification' } };
    expect(plan(many, LOGITS)).toMatchObject({ hasManyLabels: true });
  });

  it('normalised where the folder has the step, or the manifest says so', () => {
    const modules = ['Transformer', 'Pooling', 'Normalize'].map((type) => ({ path: '', type }));
    expect(plan({ modules, ...POOLED })).toMatchObject({ normalise: true, pooling: ['mean'] });
    expect(plan({ modules, ...POOLED }, STATES, { normalise: false, pooling: 'cls' })).toMatchObject({
      normalise: false,
      pooling: ['cls'],
    });
    expect(plan({ modules: modules.slice(0, 2), ...POOLED })).toMatchObject({ normalise: false });
  });

  it.each([
    [{ sentence: { max_seq_length: 128 }, tokenizerConfig: { model_max_length: 256 } }, {}, 128],
    [{ tokenizerConfig: { model_max_length: 256 } }, {}, 256],
    [{ tokenizerConfig: { model_max_length: 1e30 } }, {}, 512],
    [{ config: { max_position_embeddings: 64 } }, {}, 64],
    [{ config: { max_position_embeddings: 64 }, tokenizerConfig: { model_max_length: 256 } }, {}, 64],
    [{ config: { max_position_embeddings: 514, model_type: 'roberta' } }, {}, 512],
    [
      { config: { max_position_embeddings: 514, model_type: 'xlm-roberta' }, sentence: { max_seq_length: 514 } },
      {},
      512,
    ],
    [{ config: { max_position_embeddings: 514, model_type: 'bert' } }, {}, 514],
    [{ sentence: { max_seq_length: 128 } }, { maxTokens: 200 }, 200],
    [{}, {}, 512],
  ] as const)('with as many tokens as %j says, and the manifest: %j', (folder, options, maxTokens) => {
    const architecture = { architectures: ['BertModel'] };
    const config = { ...architecture, ...('config' in folder && folder.config) };
    expect(plan({ ...folder, config, ...POOLED }, STATES, options)).toMatchObject({ maxTokens });
  });

  it("with the prompt that is the folder's default, or the manifest's", () => {
    const prompts = { query: 'query: ', document: 'passage: ' };
    const of = (sentenceTransformers: object, options: TextOptions = {}) =>
      plan(
        { ...POOLED, config: { architectures: ['BertModel'] }, sentenceTransformers: { ...sentenceTransformers } },
        STATES,
        options,
      )!.prompt;
    expect(of({ prompts, default_prompt_name: 'query' })).toBe('query: ');
    expect(of({ prompts })).toBe('');
    expect(of({ prompts, default_prompt_name: 'other' })).toBe('');
    expect(of({ prompts, default_prompt_name: 'query' }, { prompt: 'q ' })).toBe('q ');
  });

  it('in lower case, and with the lengths of embeddings that it was trained for', () => {
    const config = { architectures: ['BertModel'], matryoshka_dimensions: [16, 8, 'x'] };
    const folder = { ...POOLED, config, sentence: { do_lower_case: true } };
    expect(plan(folder)).toMatchObject({ isLowerCase: true, dimensions: [16, 8] });
    expect(plan(folder, STATES, { dimensions: [4] })).toMatchObject({ dimensions: [4] });
    expect(plan({ ...POOLED, config: { architectures: ['BertModel'] } })).toMatchObject({
      isLowerCase: false,
      dimensions: [],
    });
  });
});

describe('what is refused', () => {
  const embeds = { config: { architectures: ['BertModel'] }, ...POOLED };

  it('more tokens than the model has places', () => {
    const config = { architectures: ['RobertaModel'], model_type: 'roberta', max_position_embeddings: 34 };
    expect(() => plan({ ...embeds, config }, STATES, { maxTokens: 33 })).toThrow(
      '"text.maxTokens" is 33, but the model takes at most 32 tokens.',
    );
  });

  it.each([
    [[output('a', [-1, -1, 32]), output('b', [-1, -1, 32])]],
    [[output('last_hidden_state', [-1, -1, -1])]],
    [[output('last_hidden_state', [-1, -1, 32], 'INT64')]],
  ])('a model without one output that answers: %j', (outputs) => {
    expect(() => plan(embeds, outputs)).toThrow(
      /^A model for text-embedding answers with an output of \[N, width\] or \[N, tokens, width\], called sentence_embedding or last_hidden_state or token_embeddings; this one has /,
    );
  });

  it('classes that are not one row a text', () => {
    expect(() => plan(labelled('BertForSequenceClassification', 3), TOKEN_LOGITS)).toThrow(
      'A model for text-classification answers with an output of [N, width], called logits; this one has logits (FP32 [-1, -1, 3]).',
    );
  });
});
