import { describe, expect, it } from '@jest/globals';
import type { TensorSpec } from '#tensor';
import { ColumnSummary } from './column.ts';
import { type ColumnChoice, columnsByInput, decidedOn } from './columns.ts';

const inputNamed = (name: string, width = 1): TensorSpec => ({ name, datatype: 'FP32', shape: [-1, width] });

/** The names of the columns for each input, and what the user reads about them. */
function chosen(columns: readonly string[], inputs: readonly TensorSpec[], choice: ColumnChoice = {}) {
  const summaries = columns.map((name) => new ColumnSummary(name));
  const byInput = columnsByInput(summaries, { inputs, outputs: [] }, choice);
  const names = [...byInput].map(([input, taken]) => [input.name, ...taken.map((column) => column?.name)]);
  return { names, note: decidedOn(summaries, byInput, choice) };
}

describe('a model with an input for each column', () => {
  const inputs = [inputNamed('mean_radius'), inputNamed('area')];

  it('takes the columns of the same names, and of those that an exporter changed', () => {
    expect(chosen(['area', 'Mean radius', 'diagnosis'], inputs)).toEqual({
      names: [
        ['mean_radius', 'Mean radius'],
        ['area', 'area'],
      ],
      note: 'Columns taken: area, Mean radius; left out: diagnosis.',
    });
  });

  it('says what was predicted and dropped', () => {
    const choice = { target: 'diagnosis', drop: ['id'] };
    expect(chosen(['id', 'area', 'mean_radius', 'diagnosis', 'date'], inputs, choice).note).toBe(
      'Columns taken: area, mean_radius; predicted: diagnosis; dropped: id; left out: date.',
    );
  });

  it('prefers a column of the same name to one of the same letters', () => {
    expect(chosen(['mean radius', 'mean_radius', 'area'], inputs)).toEqual({
      names: [
        ['mean_radius', 'mean_radius'],
        ['area', 'area'],
      ],
      note: 'Columns taken: mean_radius, area; left out: mean radius.',
    });
  });

  it('leaves a column to the input of its own name', () => {
    const alike = [inputNamed('a_b'), inputNamed('ab')];
    expect(() => chosen(['ab', 'c'], alike)).toThrow('The data has no column for a_b.');
    expect(chosen(['ab', 'a b'], alike).names).toEqual([
      ['a_b', 'a b'],
      ['ab', 'ab'],
    ]);
  });

  it('needs a column for each input', () => {
    expect(() => chosen(['radius', 'area'], inputs)).toThrow(
      'The data has no column for mean_radius. Name a column of the data like this input of the model. Its columns are radius, area.',
    );
  });

  it.each([
    ['mean radius', 'mean.radius'],
    ['mean_radius', 'mean_radius'],
  ])('rejects two columns for one input: %s, %s', (one, other) => {
    expect(() => chosen([one, other, 'area'], inputs)).toThrow(
      `The data's columns "${one}" and "${other}" both fit mean_radius.`,
    );
  });
});

describe('a model with one input', () => {
  it('takes several columns by position', () => {
    const { names, note } = chosen(['a', 'b', 'y'], [inputNamed('x', 2)], { target: 'y' });
    expect({ names, note }).toEqual({ names: [['x', 'a', 'b']], note: 'Columns taken: a, b; predicted: y.' });
  });

  it('takes the only column, or else the one of its name', () => {
    const inputs = [inputNamed('review')];
    expect(chosen(['text', 'label'], inputs, { target: 'label' }).names).toEqual([['review', 'text']]);
    expect(chosen(['label', 'Review'], inputs)).toEqual({
      names: [['review', 'Review']],
      note: 'Columns taken: Review; left out: label.',
    });
    expect(() => chosen(['label', 'text'], inputs)).toThrow('The data has no column for review.');
  });
});

it('takes no column for an input of tensors', () => {
  const picture: TensorSpec = { name: 'x', datatype: 'FP32', shape: [-1, 3, 8, 8] };
  expect(chosen(['a'], [picture])).toEqual({ names: [], note: 'Columns taken: none; left out: a.' });
});
