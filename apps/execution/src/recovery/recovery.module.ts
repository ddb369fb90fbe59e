import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module';
import { ExecutionsModule } from '../executions/executions.module';
import { Sweeper } from './sweeper';

@Module({ imports: [ExecutionsModule, DispatchModule], providers: [Sweeper] })
export class RecoveryModule {}
