import { expect, it } from '@jest/globals';
import { finds } from './search.ts';

it.each([
  ['', true],
  ['radius', true],
  ['  MEAN cells ', true],
  ['tumour mean', true],
  ['mean of', false],
])('%j', (search, found) => {
  expect(finds(search, ['mean_radius_of_the_tumour_cells'.replaceAll('_of_', '_'), undefined, 'Mean radius'])).toBe(
    found,
  );
});
