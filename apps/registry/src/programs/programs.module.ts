import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { ModelsModule } from '../models/models.module';
import { OutboxModule } from '../outbox/outbox.module';
import { SignaturesModule } from '../signatures/signatures.module';
import { ProgramsHandler } from './programs.handler';
import { ProgramsRepository } from './programs.repository';
import { ProgramsResolver } from './programs.resolver';
import { ProgramsService } from './programs.service';

@Module({
  imports: [OutboxModule, CreationsModule, SignaturesModule, ModelsModule],
  controllers: [ProgramsHandler],
  providers: [ProgramsService, ProgramsRepository, ProgramsResolver],
  exports: [ProgramsService],
})
export class ProgramsModule {}
