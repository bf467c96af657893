import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { Engine } from '#engine';
import { readCard } from '#models';

/** The models' cards. */
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

/** Loads the renderer with the first card. */
async function htmlOf(card: string): Promise<string> {
  const { cardHtml } = await import('./card-html.ts');
  return cardHtml(card);
}
