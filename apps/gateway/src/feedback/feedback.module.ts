import { Module } from '@nestjs/common';
import { FeedbackClient } from './feedback.client';
import { FeedbackController } from './feedback.controller';

@Module({ controllers: [FeedbackController], providers: [FeedbackClient], exports: [FeedbackClient] })
export class FeedbackModule {}
