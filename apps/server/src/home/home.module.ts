import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { HomeController } from './home.controller.ts';

/** `GET /`: what this is and what it serves, for a person or a program. */
@Module({ imports: [PredictionModule], controllers: [HomeController] })
export class HomeModule {}
