import { describe, expect, it } from '@jest/globals';
import { poolingOf } from './pooling-config.ts';
import { textFolder } from './testing/text-folder.fixture.ts';

describe('the pooling of a folder', () => {
  it.each([
    [{ pooling_mode_mean_tokens: true, pooling_mode_cls_token: false }, ['mean']],
    [{ pooling_mode_cls_token: true }, ['cls']],
    [{ pooling_mode_max_tokens: true }, ['max']],
    [{ pooling_mode_mean_sqrt_len_tokens: true }, ['mean-sqrt']],
    [{ pooling_mode_weightedmean_tokens: true }, ['weighted-mean']],
    [{ pooling_mode_lasttoken: true }, ['last']],
    [{ pooling_mode_mean_tokens: true, pooling_mode_cls_token: true }, ['cls', 'mean']],
    [{ pooling_mode: 'mean' }, ['mean']],
    [{ pooling_mode: 'cls' }, ['cls']],
    [{ pooling_mode: 'max' }, ['max']],
    [{ pooling_mode: 'lasttoken' }, ['last']],
    [{ pooling_mode: 'mean_sqrt_len_tokens' }, ['mean-sqrt']],
    [{ pooling_mode: 'weightedmean' }, ['weighted-mean']],
  ] as const)('%j', (pooling, expected) => {
    expect(poolingOf(textFolder({ pooling }), undefined)).toEqual(expected);
  });

  it("is the manifest's, where that has one", () => {
    expect(poolingOf(textFolder({ pooling: { pooling_mode: 'cls' } }), 'mean')).toEqual(['mean']);
    expect(poolingOf(textFolder({}), 'last')).toEqual(['last']);
  });

  it('is refused where nobody says it', () => {
    expect(() => poolingOf(textFolder({}), undefined)).toThrow(/1_Pooling.*"text": \{"pooling": "mean"\}/);
  });

  it.each([{}, { pooling_mode: 'attention' }, { pooling_mode_mean_tokens: 'yes' }])('is refused: %j', (pooling) => {
    expect(() => poolingOf(textFolder({ pooling }), undefined)).toThrow(
      'The pooling config.json names no mode that is known',
    );
  });

  it('is refused before steps that the graph does not hold', () => {
    const modules = ['Transformer', 'Pooling', 'Dense'].map((type) => ({ path: '', type }));
    expect(() => poolingOf(textFolder({ modules }), 'mean')).toThrow('modules.json has a Dense module');
  });
});
