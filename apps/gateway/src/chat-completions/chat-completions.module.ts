import { Module } from '@nestjs/common';
import { ExecutionsModule } from '../executions/executions.module';
import { OpenAiModelsModule } from '../openai-models/openai-models.module';
import { ChatCompletionsController } from './chat-completions.controller';
import { ChatCompletions } from './chat-completions.service';

@Module({
  imports: [ExecutionsModule, OpenAiModelsModule],
  controllers: [ChatCompletionsController],
  providers: [ChatCompletions],
})
export class ChatCompletionsModule {}
