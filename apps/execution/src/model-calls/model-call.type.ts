import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('RecordedMessage', { description: 'One message of a prompt as it was sent, after redaction.' })
export class RecordedMessageType {
  @Field(() => String) role: string;
  @Field(() => String) content: string;
}

@ObjectType('ModelCall', { description: 'One call to a model: what it cost and, if recorded, its contents.' })
export class ModelCallType {
  @Field(() => Int, { description: 'Place among the calls of the attempt.' }) index: number;
  @Field(() => Int, { description: 'The attempt of the execution that made the call.' }) attempt: number;
  @Field(() => String, { description: 'first, model_retry or parse_retry.' }) reason: string;
  @Field(() => String, { nullable: true, description: 'The model that was asked and its version: name@version.' })
  model?: string;
  @Field(() => String) startedAt: string;
  @Field(() => Float) durationMs: number;
  @Field(() => Float, { nullable: true }) firstTokenMs: number | null;
  @Field(() => String, { nullable: true }) errorCode: string | null;
  @Field(() => String, { nullable: true }) finishReason: string | null;
  @Field(() => Int, { nullable: true }) promptTokens: number | null;
  @Field(() => Int, { nullable: true }) completionTokens: number | null;
  @Field(() => Float, { nullable: true }) costUsd: number | null;
  @Field(() => [RecordedMessageType], { nullable: true }) messages: RecordedMessageType[] | null;
  @Field(() => String, { nullable: true }) completion: string | null;
  @Field(() => Boolean, { description: 'Whether a text was too long to be kept whole.' }) truncated: boolean;
}
