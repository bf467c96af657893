import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Settings } from '#config';

/** Injects the settings, read once at the start and frozen, by their class. */
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
