import { Module } from '@nestjs/common';
import { ProgramsModule } from '../programs/programs.module';
import { ProgramStatesHandler } from './program-states.handler';
import { ProgramStatesResolver } from './program-states.resolver';
import { ProgramStatesService } from './program-states.service';

@Module({
  imports: [ProgramsModule],
  controllers: [ProgramStatesHandler],
  providers: [ProgramStatesService, ProgramStatesResolver],
})
export class ProgramStatesModule {}
