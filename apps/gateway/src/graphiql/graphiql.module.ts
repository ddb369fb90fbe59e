import { Module } from '@nestjs/common';
import { GraphqlModule } from '../graphql/graphql.module';
import { GraphiqlController } from './graphiql.controller';

@Module({ imports: [GraphqlModule], controllers: [GraphiqlController] })
export class GraphiqlModule {}
