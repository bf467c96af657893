import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AllowedMethods } from './allowed-methods.ts';
import { ProblemFilter } from './problem.filter.ts';

/** What holds for every request, whichever kind of route answers it. */
@Module({
  providers: [AllowedMethods, { provide: APP_FILTER, useClass: ProblemFilter }],
})
export class HttpModule {}
