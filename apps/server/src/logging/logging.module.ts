import { type DynamicModule, Global, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { PINO } from './logger.ts';
import { LOG_OUTPUT, type LostLines, LostLinesMetric } from './lost-lines.ts';

/**
 * nestjs-pino as the application's logger, without its middleware, which would cost every request a child logger and an
 * AsyncLocalStorage. Instead, a hook writes the line of each request to the same instance.
 */
@Global()
@Module({})
export class LoggingModule {
  static forRoot(logger: Logger, output: LostLines): DynamicModule {
    return {
      module: LoggingModule,
      imports: [LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] })],
      providers: [{ provide: PINO, useValue: logger }, { provide: LOG_OUTPUT, useValue: output }, LostLinesMetric],
      exports: [PINO],
    };
  }
}
