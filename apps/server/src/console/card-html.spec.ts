import { expect, it } from '@jest/globals';
import { cardHtml } from './card-html.ts';

it.each([
  ['# One\n\n## Two', '<h2>One</h2>\n<h3>Two</h3>\n'],
  ['---\nlicense: mit\n---\nText', '<p>Text</p>\n'],
  ['<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n'],
  ['a <b onclick="x()">b</b>', '<p>a &lt;b onclick=&quot;x()&quot;&gt;b&lt;/b&gt;</p>\n'],
  ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>\n'],
  ['[x](data:text/html,y) [x](//evil.example)', '<p>[x](data:text/html,y) x</p>\n'],
  [
    '[data](training/) and [page](https://example.org)',
    '<p>data and <a href="https://example.org" target="_blank" rel="noreferrer">page</a></p>\n',
  ],
  ['![a picture](https://example.org/p.png)', '<p>a picture</p>\n'],
])('%j', (card, html) => {
  expect(cardHtml(card)).toBe(html);
});

it('keeps tables', () => {
  expect(cardHtml('| a | b |\n|---|---|\n| 1 | 2 |')).toContain('<td>1</td>');
});

it('aligns columns by classes, since the content security policy forbids styles', () => {
  const table = cardHtml('| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |');
  expect(table).not.toContain('style');
  for (const tag of ['th', 'td'])
    for (const align of ['left', 'center', 'right']) expect(table).toContain(`<${tag} class="align-${align}">`);
});

it('has no empty header in a table', () => {
  const table = cardHtml('| | b |\n|---|---|\n| 1 | 2 |').replaceAll(/\s+/g, '');
  expect(table).toContain('<tr><td></td><th>b</th></tr>');
});
