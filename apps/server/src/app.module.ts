import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Settings } from '#config';
import { AccessModule } from './access/access.module.ts';
import { AdminModule } from './admin/admin.module.ts';
import { HealthModule } from './health/health.module.ts';
import { HomeModule } from './home/home.module.ts';
import { HttpModule } from './http/http.module.ts';
import { LifecycleModule } from './lifecycle/lifecycle.module.ts';
import { LoggingModule } from './logging/logging.module.ts';
import { MetricsModule } from './metrics/metrics.module.ts';
import { ModelsModule } from './models/models.module.ts';
import { OpenInferenceModule } from './open-inference/open-inference.module.ts';
import { PlainModule } from './plain/plain.module.ts';
import { SettingsModule } from './settings/settings.module.ts';

@Module({})
export class AppModule {
  static forRoot(settings: Settings, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.forRoot(settings),
        LoggingModule.forRoot(logger),
        HttpModule,
        MetricsModule,
        AccessModule,
        LifecycleModule,
        HealthModule,
        PlainModule,
        OpenInferenceModule,
        ModelsModule,
        HomeModule,
        AdminModule,
      ],
    };
  }
}
