import { Module } from '@nestjs/common';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { EventsModule } from '../events/events.module';
import { EvaluationEvents } from './evaluation-events.service';

@Module({ imports: [EvaluationsModule, EventsModule], providers: [EvaluationEvents], exports: [EvaluationEvents] })
export class EvaluationEventsModule {}
