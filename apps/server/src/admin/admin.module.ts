import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { AdminController } from './admin.controller.ts';

@Module({ imports: [PredictionModule], controllers: [AdminController] })
export class AdminModule {}
