import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Engine } from '#engine';
import { engineProvider } from './engine.provider.ts';
import { MappedFilesWatch } from './mapped-files-watch.ts';
import { ModelWatcher } from './model-watcher.ts';
import { onnxSessionProvider } from './onnx-session.provider.ts';
import { Pipeline } from './pipeline.ts';
import { Readiness } from './readiness.ts';

/** The ONNX sessions, and the engine on top of them. Every protocol imports this module; it imports none of them. */
@Module({
  providers: [onnxSessionProvider, engineProvider, ModelWatcher, MappedFilesWatch, Pipeline, Readiness],
  exports: [Engine, Pipeline, Readiness],
})
export class PredictionModule implements OnApplicationShutdown {
  constructor(@Inject(Engine) private readonly models: Engine) {}

  /** Sessions are released last, once the server has answered everything. */
  async onApplicationShutdown(): Promise<void> {
    await this.models.close();
  }
}
