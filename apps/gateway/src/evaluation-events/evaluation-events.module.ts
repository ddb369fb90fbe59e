import { Module } from '@nestjs/common';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { EventsModule } from '../events/events.module';
import { StreamsModule } from '../streams/streams.module';
import { EvaluationEventsController } from './evaluation-events.controller';
import { EvaluationEvents } from './evaluation-events.service';

@Module({
  imports: [EvaluationsModule, EventsModule, StreamsModule],
  controllers: [EvaluationEventsController],
  providers: [EvaluationEvents],
  exports: [EvaluationEvents],
})
export class EvaluationEventsModule {}
