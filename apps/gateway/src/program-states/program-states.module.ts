import { Module } from '@nestjs/common';
import { ProgramStatesClient } from './program-states.client';
import { ProgramStatesController } from './program-states.controller';

@Module({ controllers: [ProgramStatesController], providers: [ProgramStatesClient] })
export class ProgramStatesModule {}
