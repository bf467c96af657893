import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { HomeController } from './home.controller.ts';

/** `GET /`: describes the server and its models, to a person or a program. */
@Module({ imports: [PredictionModule], controllers: [HomeController] })
export class HomeModule {}
