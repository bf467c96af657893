import { Module } from '@nestjs/common';
import { KeyCheck } from './key-check.ts';

/** Who may call. Off unless key files are set. */
@Module({ providers: [KeyCheck], exports: [KeyCheck] })
export class AccessModule {}
