import { Module } from '@nestjs/common';
import { GraphqlModule } from '../graphql/graphql.module';
import { OpenApiController } from './openapi.controller';
import { OpenApiService } from './openapi.service';

@Module({ imports: [GraphqlModule], controllers: [OpenApiController], providers: [OpenApiService] })
export class OpenApiModule {}
