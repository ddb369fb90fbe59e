import {
  ConnectionArgs,
  DateTimeFilter,
  DateTimeScalar,
  IdFilter,
  IntFilter,
  JsonScalar,
  StringFilter,
} from '@dspy-nest/platform';
import { ArgsType, Directive, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { connectionType } from './connection-type';

@ObjectType('Signature', { description: 'Typed inputs and outputs, in one version.' })
@Directive('@key(fields: "id")')
export class SignatureObject {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int) version: number;
  @Field(() => String, { description: 'In the signature language, in its canonical form.' }) definition: string;
  @Field(() => String) hash: string;
  @Field(() => String, { nullable: true }) instructions?: string | null;
  @Field(() => String, { nullable: true }) description: string | null;
  @Field(() => JsonScalar) inputs: unknown;
  @Field(() => JsonScalar) outputs: unknown;
  @Field(() => DateTimeScalar) createdAt: string;
}

export const SignatureConnection = connectionType('Signature', SignatureObject);

@InputType()
export class SignatureFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) hash?: StringFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
}

@ArgsType()
export class SignatureConnectionArgs extends ConnectionArgs {
  @Field(() => SignatureFilter, { nullable: true }) filter?: SignatureFilter;
}

@InputType()
export class CreateSignatureInput {
  @Field(() => String) name: string;
  @Field(() => String) definition: string;
  @Field(() => String, { nullable: true }) instructions?: string;
  @Field(() => String, { nullable: true }) description?: string;
}

@InputType()
export class UpdateSignatureInput {
  @Field(() => String, { description: 'The signature to change.' }) name: string;
  @Field(() => String, { nullable: true }) definition?: string;
  @Field(() => String, { nullable: true }) instructions?: string;
  @Field(() => String, { nullable: true }) description?: string;
}
