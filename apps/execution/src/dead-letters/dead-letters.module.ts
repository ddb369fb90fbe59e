import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExecutionsModule } from '../executions/executions.module';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { DeadLetterEntity } from './dead-letter.entity';
import { DeadLettersHandler } from './dead-letters.handler';
import { DeadLettersRepository } from './dead-letters.repository';
import { DeadLettersResolver } from './dead-letters.resolver';
import { DeadLettersService } from './dead-letters.service';

@Module({
  imports: [TypeOrmModule.forFeature([DeadLetterEntity]), ExecutionsModule, TelemetryModule],
  controllers: [DeadLettersHandler],
  providers: [DeadLettersService, DeadLettersRepository, DeadLettersResolver],
})
export class DeadLettersModule {}
