import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Settings } from '#config';
import { AccessModule } from './access/access.module.ts';
import { AdminModule } from './admin/admin.module.ts';
import { ConsoleModule } from './console/console.module.ts';
import { HealthModule } from './health/health.module.ts';
import { HomeModule } from './home/home.module.ts';
import { HttpModule } from './http/http.module.ts';
import { KserveV1Module } from './kserve-v1/kserve-v1.module.ts';
import { LifecycleModule } from './lifecycle/lifecycle.module.ts';
import { LoggingModule } from './logging/logging.module.ts';
import type { LostLines } from './logging/lost-lines.ts';
import { MetricsModule } from './metrics/metrics.module.ts';
import { MlflowModule } from './mlflow/mlflow.module.ts';
import { ModelsModule } from './models/models.module.ts';
import { OperationModule } from './operation/operation.module.ts';
import { GrpcModule } from './open-inference/grpc/grpc.module.ts';
import { OpenInferenceModule } from './open-inference/open-inference.module.ts';
import { OpenAiModule } from './openai/openai.module.ts';
import { OpenApiModule } from './openapi/openapi.module.ts';
import { PlainModule } from './plain/plain.module.ts';
import { SettingsModule } from './settings/settings.module.ts';
import { TeiModule } from './tei/tei.module.ts';

const PROTOCOL_MODULES: Readonly<Record<Settings['protocols'][number], Type>> = {
  plain: PlainModule,
  v2: OpenInferenceModule,
  grpc: GrpcModule,
  'kserve-v1': KserveV1Module,
  mlflow: MlflowModule,
  openai: OpenAiModule,
  tei: TeiModule,
};

@Module({})
export class AppModule {
  static forRoot(settings: Settings, logger: Logger, output: LostLines): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.forRoot(settings),
        LoggingModule.forRoot(logger, output),
        MetricsModule,
        OperationModule,
        HttpModule,
        AccessModule,
        LifecycleModule,
        HealthModule,
        ...settings.protocols.map((protocol) => PROTOCOL_MODULES[protocol]),
        ModelsModule,
        HomeModule,
        ...(settings.console === 'on' ? [ConsoleModule] : []),
        AdminModule,
        OpenApiModule,
      ],
    };
  }
}
