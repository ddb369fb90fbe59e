import { Module } from '@nestjs/common';
import { ProgramsModule } from '../programs/programs.module';
import { ModelHealth } from './model-health';
import { ModelRouter } from './model-router';

@Module({ imports: [ProgramsModule], providers: [ModelHealth, ModelRouter], exports: [ModelHealth, ModelRouter] })
export class RoutingModule {}
