import { Module } from '@nestjs/common';
import { ExecutionEventsModule } from '../execution-events/execution-events.module';
import { StreamsModule } from '../streams/streams.module';
import { ExecutionsModule } from '../executions/executions.module';
import { OpenAiModelsModule } from '../openai-models/openai-models.module';
import { ChatCompletionsController } from './chat-completions.controller';
import { ChatCompletions } from './chat-completions.service';

@Module({
  imports: [ExecutionsModule, ExecutionEventsModule, StreamsModule, OpenAiModelsModule],
  controllers: [ChatCompletionsController],
  providers: [ChatCompletions],
})
export class ChatCompletionsModule {}
