import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExecutionsModule } from '../executions/executions.module';
import { ModelCallsEntity } from './model-calls.entity';
import { ModelCallsHandler } from './model-calls.handler';
import { ModelCallsRepository } from './model-calls.repository';
import { ModelCallsResolver } from './model-calls.resolver';
import { ModelCallsService } from './model-calls.service';

@Module({
  imports: [TypeOrmModule.forFeature([ModelCallsEntity]), ExecutionsModule],
  controllers: [ModelCallsHandler],
  providers: [ModelCallsService, ModelCallsRepository, ModelCallsResolver],
  exports: [ModelCallsRepository],
})
export class ModelCallsModule {}
