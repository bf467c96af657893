import { Global, Module } from '@nestjs/common';
import { Drain } from './drain.ts';

@Global()
@Module({ providers: [Drain], exports: [Drain] })
export class LifecycleModule {}
