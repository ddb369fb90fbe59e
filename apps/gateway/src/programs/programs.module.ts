import { Module } from '@nestjs/common';
import { ProgramsClient } from './programs.client';
import { ProgramsController } from './programs.controller';

@Module({ controllers: [ProgramsController], providers: [ProgramsClient], exports: [ProgramsClient] })
export class ProgramsModule {}
