import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { PredictionOptions } from './prediction-options.ts';

/** Defines `forRoot` and `forRootAsync`, in every form that Nest's own modules have. */
export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<PredictionOptions>({ moduleName: 'Prediction' })
  .setClassMethodName('forRoot')
  .build();
