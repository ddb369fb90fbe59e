import { Module } from '@nestjs/common';
import { ProgramsClient } from './programs.client';

@Module({ providers: [ProgramsClient], exports: [ProgramsClient] })
export class ProgramsModule {}
