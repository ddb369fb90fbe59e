import { Module } from '@nestjs/common';
import { WorkersModule } from '../workers/workers.module';
import { AdmissionService } from './admission.service';
import { OpenExecutionsRepository } from './open-executions.repository';
import { ProgramSlots } from './program-slots';
import { QueueLoad } from './queue-load';

@Module({
  imports: [WorkersModule],
  providers: [AdmissionService, QueueLoad, ProgramSlots, OpenExecutionsRepository],
  exports: [AdmissionService],
})
export class AdmissionModule {}
