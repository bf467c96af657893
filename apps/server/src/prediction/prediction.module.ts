import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Engine } from '#engine';
import { ModelInfo } from './model-info.ts';
import { ModelWatcher } from './model-watcher.ts';
import { onnxSessionProvider } from './onnx-session.provider.ts';
import { PredictionService } from './prediction.service.ts';
import { RowPredictions } from './row-predictions.ts';

/** Wraps the ONNX session provider: what every protocol imports, and what imports no protocol. */
@Module({
  providers: [onnxSessionProvider, ModelWatcher, PredictionService, RowPredictions, ModelInfo],
  exports: [Engine, PredictionService, RowPredictions],
})
export class PredictionModule implements OnApplicationShutdown {
  constructor(@Inject(Engine) private readonly models: Engine) {}

  /** Sessions are released last, once the server has answered everything. */
  async onApplicationShutdown(): Promise<void> {
    await this.models.close();
  }
}
