import { Global, Module } from '@nestjs/common';
import { RequestRecords } from './request-records.ts';

/** Records every request, over HTTP and gRPC. */
@Global()
@Module({ providers: [RequestRecords], exports: [RequestRecords] })
export class OperationModule {}
