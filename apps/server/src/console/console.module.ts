import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { CardController } from './card.controller.ts';
import { ConsoleController } from './console.controller.ts';
import { FiguresController } from './figures.controller.ts';
import { PictureController } from './picture.controller.ts';

/** The console's files and its own routes; its page is `GET /`. Absent if `CONSOLE` is off. */
@Module({
  imports: [PredictionModule],
  controllers: [CardController, ConsoleController, FiguresController, PictureController],
})
export class ConsoleModule {}
