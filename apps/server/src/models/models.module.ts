import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { ModelsController } from './models.controller.ts';

/** `GET /models`: the models, described for people and programs. */
@Module({ imports: [PredictionModule], controllers: [ModelsController] })
export class ModelsModule {}
