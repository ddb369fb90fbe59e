import { Module } from '@nestjs/common';
import { ExecutionsModule } from '../executions/executions.module';
import { ProgramRequestsHandler } from './program-requests.handler';

@Module({ imports: [ExecutionsModule], controllers: [ProgramRequestsHandler] })
export class ProgramRequestsModule {}
