import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExecutionsModule } from '../executions/executions.module';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { JournalModule } from '../journal/journal.module';
import { ProgramsModule } from '../programs/programs.module';
import { FeedbackEntity } from './feedback.entity';
import { FeedbackHandler } from './feedback.handler';
import { FeedbackRepository } from './feedback.repository';
import { FeedbackResolver } from './feedback.resolver';
import { FeedbackService } from './feedback.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([FeedbackEntity]),
    ExecutionsModule,
    IdempotencyModule,
    JournalModule,
    ProgramsModule,
  ],
  controllers: [FeedbackHandler],
  providers: [FeedbackService, FeedbackRepository, FeedbackResolver],
})
export class FeedbackModule {}
