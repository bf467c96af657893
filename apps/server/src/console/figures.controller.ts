import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Engine } from '#engine';
import { ModelMetrics } from '#metrics';
import { Operation } from '../http/operation.ts';
import { type Figures, figuresOf } from './figures.ts';

/** The metrics that the console's pages show, under the same access rules as `/metrics`. */
@Controller('console/figures')
export class FiguresController {
  constructor(
    @Inject(Engine) private readonly models: Engine,
    private readonly metrics: ModelMetrics,
  ) {}

  @Operation({ access: 'scrape', probe: true })
  @Get()
  @Header('cache-control', 'no-store')
  figures(): Figures {
    return figuresOf(this.metrics, this.models.status());
  }
}
