import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { Engine } from '#engine';
import { readCard } from '#models';

/** What a model's author says of it. */
@Controller('console/models')
export class CardController {
  constructor(@Inject(Engine) private readonly models: Engine) {}

  /** The card as HTML, or null for a model without one. */
  @Get(':name/card')
  @Header('cache-control', 'no-cache')
  async card(@Param('name') name: string): Promise<{ html: string | null }> {
    const { folder } = this.models.statusOf(name);
    const card = folder && (await readCard(folder));
    return { html: card ? await htmlOf(card) : null };
  }
}

/** What renders cards is loaded only once somebody reads one. */
async function htmlOf(card: string): Promise<string> {
  const { cardHtml } = await import('./card-html.ts');
  return cardHtml(card);
}
