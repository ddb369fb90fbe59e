import { Module } from '@nestjs/common';
import { EvaluationsClient } from './evaluations.client';
import { EvaluationsController } from './evaluations.controller';

@Module({ controllers: [EvaluationsController], providers: [EvaluationsClient], exports: [EvaluationsClient] })
export class EvaluationsModule {}
