import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EarlyEnds } from './early-ends.ts';
import { ErrorFilter } from './error.filter.ts';
import { HttpRecords } from './http-records.ts';
import { UnservedPaths } from './unserved-paths.ts';

/** What holds for every HTTP request, whichever kind of route answers it. */
@Global()
@Module({
  providers: [UnservedPaths, HttpRecords, EarlyEnds, { provide: APP_FILTER, useClass: ErrorFilter }],
  exports: [UnservedPaths],
})
export class HttpModule {}
