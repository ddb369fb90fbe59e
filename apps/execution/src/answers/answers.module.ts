import { Module } from '@nestjs/common';
import { RedisModule } from '../redis/redis.module';
import { AnswerCache } from './answer-cache';

@Module({ imports: [RedisModule], providers: [AnswerCache], exports: [AnswerCache] })
export class AnswersModule {}
