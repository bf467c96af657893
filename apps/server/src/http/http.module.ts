import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { EarlyEnds } from './early-ends.ts';
import { ErrorFilter } from './error.filter.ts';
import { MemoryBudget } from '../memory/memory-budget.ts';
import { HttpRecords } from './http-records.ts';
import { memoryBudgetProvider } from './memory-budget.provider.ts';
import { UnservedPaths } from './unserved-paths.ts';

/** Applies to every HTTP request: records, errors and the memory budget. */
@Global()
@Module({
  imports: [PredictionModule],
  providers: [
    UnservedPaths,
    HttpRecords,
    EarlyEnds,
    memoryBudgetProvider,
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
  exports: [UnservedPaths, MemoryBudget],
})
export class HttpModule {}
