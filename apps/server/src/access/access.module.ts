import { Global, Module } from '@nestjs/common';
import { KeyCheck } from './key-check.ts';
import { RateLimit } from './rate-limit.ts';

/** Checks API keys and limits rates. Off unless key files and a rate are set. */
@Global()
@Module({ providers: [KeyCheck, RateLimit], exports: [KeyCheck, RateLimit] })
export class AccessModule {}
