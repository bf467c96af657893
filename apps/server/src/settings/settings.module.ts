import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Settings } from '#config';

/** Injects the settings by their class. They are read once at the start and frozen. */
@Global()
@Module({})
export class SettingsModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: SettingsModule,
      providers: [{ provide: Settings, useValue: settings }],
      exports: [Settings],
    };
  }
}
