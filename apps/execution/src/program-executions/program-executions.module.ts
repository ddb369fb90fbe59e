import { Module } from '@nestjs/common';
import { ExecutionsModule } from '../executions/executions.module';
import { ProgramExecutionsResolver } from './program-executions.resolver';

@Module({ imports: [ExecutionsModule], providers: [ProgramExecutionsResolver] })
export class ProgramExecutionsModule {}
