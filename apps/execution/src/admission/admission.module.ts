import { Module } from '@nestjs/common';
import { AdaptersModule } from '../adapters/adapters.module';
import { RedisModule } from '../redis/redis.module';
import { WorkersModule } from '../workers/workers.module';
import { AdmissionService } from './admission.service';
import { OpenExecutionsRepository } from './open-executions.repository';
import { ProgramSlots } from './program-slots';
import { QueueLoad } from './queue-load';

@Module({
  imports: [WorkersModule, RedisModule, AdaptersModule],
  providers: [AdmissionService, QueueLoad, ProgramSlots, OpenExecutionsRepository],
  exports: [AdmissionService],
})
export class AdmissionModule {}
