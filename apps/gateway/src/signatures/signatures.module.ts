import { Module } from '@nestjs/common';
import { SignaturesClient } from './signatures.client';
import { SignaturesController } from './signatures.controller';

@Module({ controllers: [SignaturesController], providers: [SignaturesClient] })
export class SignaturesModule {}
