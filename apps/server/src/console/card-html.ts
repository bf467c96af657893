import MarkdownIt, { type Token } from 'markdown-it';

/** Files beside a card are not served, so links to them lead nowhere. */
const LEADS_ELSEWHERE = /^(https?:|mailto:)/i;
/** The fields above a card, which the hub's models have. */
const FRONT_MATTER = /^---\r?\n[^]*?\n---\r?\n/;

/** HTML in a card counts as text; markdown-it allows only links to pages and mail addresses. */
const markdown = new MarkdownIt({ html: false });

/** A card for a page that already has a heading: without pictures, and with links that open elsewhere. */
markdown.core.ruler.push('within-a-page', ({ tokens }) => {
  for (const [at, token] of tokens.entries()) {
    // A table without a header, which Markdown does not know, is written with an empty one.
    if (token.type === 'th_open' && tokens[at + 1]?.content === '') token.tag = tokens[at + 2]!.tag = 'td';
    // The console's content security policy forbids the style attribute.
    const align = /^text-align:(\w+)$/.exec(String(token.attrGet('style')))?.[1];
    if (align !== undefined) token.attrs = [['class', `align-${align}`]];
    if (token.type.startsWith('heading_')) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
    if (token.children !== null) token.children = withinAPage(token.children);
  }
});

function withinAPage(tokens: readonly Token[]): Token[] {
  let leads = false;
  return tokens.filter((token) => {
    // The alternative text replaces a picture.
    if (token.type === 'image') token.type = 'text';
    if (token.type === 'link_open') {
      leads = LEADS_ELSEWHERE.test(String(token.attrGet('href')));
      token.attrSet('target', '_blank');
      token.attrSet('rel', 'noreferrer');
    }
    return leads || !token.type.startsWith('link_');
  });
}

/** A model's card, from Markdown. */
export const cardHtml = (card: string): string => markdown.render(card.replace(FRONT_MATTER, ''));
