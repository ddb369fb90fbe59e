import { Module } from '@nestjs/common';
import { ExecutionsModule } from '../executions/executions.module';
import { GraphqlModule } from '../graphql/graphql.module';
import { McpController } from './mcp.controller';
import { McpService } from './mcp.service';
import { ToolPages } from './tool-pages';

@Module({
  imports: [ExecutionsModule, GraphqlModule],
  controllers: [McpController],
  providers: [McpService, ToolPages],
})
export class McpModule {}
