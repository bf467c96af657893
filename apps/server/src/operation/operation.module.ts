import { Global, Module } from '@nestjs/common';
import { RequestRecords } from './request-records.ts';

/** What holds for every request, over HTTP and gRPC alike. */
@Global()
@Module({ providers: [RequestRecords], exports: [RequestRecords] })
export class OperationModule {}
