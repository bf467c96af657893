import { expect, it } from '@jest/globals';
import { issueText } from './issue-text.ts';

it.each([
  ['row 0: RM is the string "many"; a number is expected', 'Rooms is "many"; a number is expected'],
  ['RM is missing', 'Rooms is missing'],
  ['RMX is missing', 'RMX is missing'],
  ['the row has 5 values; 6 are expected', 'the row has 5 values; 6 are expected'],
])('%s', (detail, text) => {
  expect(issueText(detail, { name: 'RM', title: 'Rooms' })).toBe(text);
});

it('a feature without a title goes by its name', () => {
  expect(issueText('RM is the string "many"; a number is expected', { name: 'RM' })).toBe(
    'RM is "many"; a number is expected',
  );
});
