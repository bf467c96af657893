import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { PredictionOptions } from './prediction-options.ts';

/** Makes `forRoot` and `forRootAsync`, in all the forms that Nest's own modules have. */
export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<PredictionOptions>({ moduleName: 'Prediction' })
  .setClassMethodName('forRoot')
  .build();
