import { Module } from '@nestjs/common';
import { DeadLettersClient } from './dead-letters.client';
import { DeadLettersController } from './dead-letters.controller';

@Module({ controllers: [DeadLettersController], providers: [DeadLettersClient] })
export class DeadLettersModule {}
