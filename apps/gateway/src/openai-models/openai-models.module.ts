import { Module } from '@nestjs/common';
import { GraphqlModule } from '../graphql/graphql.module';
import { ProgramsModule } from '../programs/programs.module';
import { OpenAiModelsController } from './openai-models.controller';
import { OpenAiModels } from './openai-models.service';

@Module({
  imports: [GraphqlModule, ProgramsModule],
  controllers: [OpenAiModelsController],
  providers: [OpenAiModels],
  exports: [OpenAiModels],
})
export class OpenAiModelsModule {}
