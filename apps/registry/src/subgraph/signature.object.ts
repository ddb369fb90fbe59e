import {
  ConnectionArgs,
  DateTimeFilter,
  DateTimeScalar,
  IdFilter,
  IntFilter,
  JsonScalar,
  ResourceFilter,
  StringFilter,
  connectionType,
} from '@dspy-nest/graphql';
import { ArgsType, Directive, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';

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

@ResourceFilter('SignatureFilter')
export class SignatureFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) definition?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) hash?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) instructions?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) description?: StringFilter;
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

@ObjectType('SignatureError', { description: 'One thing wrong with a definition, and where.' })
export class SignatureErrorObject {
  @Field(() => String, { description: 'Stable.' }) code: string;
  @Field(() => String) message: string;
  @Field(() => String, { nullable: true }) hint?: string;
  @Field(() => Int, { description: 'In UTF-16 units, from 0.' }) offset: number;
  @Field(() => Int, { description: 'From 1.' }) line: number;
  @Field(() => Int, { description: 'From 1.' }) column: number;
  @Field(() => Int) length: number;
}

@ObjectType('SignatureValidation')
export class SignatureValidationObject {
  @Field(() => Boolean) valid: boolean;
  @Field(() => JsonScalar, { nullable: true, description: 'The spec, when the definition is valid.' })
  signature?: unknown;
  @Field(() => [SignatureErrorObject]) errors: SignatureErrorObject[];
}

@ObjectType('SignatureChange', { description: 'One difference between two versions of a signature.' })
export class SignatureChangeObject {
  @Field(() => String, { description: 'The place, by the names of fields; * stands for every item or value.' })
  pointer: string;
  @Field(() => String, { description: 'The kind of change; stable.' }) code: string;
  @Field(() => String, { description: 'compatible or breaking.' }) verdict: string;
  @Field(() => String) message: string;
  @Field(() => String, { nullable: true }) hint?: string;
  @Field(() => JsonScalar, { nullable: true }) from?: unknown;
  @Field(() => JsonScalar, { nullable: true }) to?: unknown;
}

@ObjectType('SignatureDiff')
export class SignatureDiffObject {
  @Field(() => String, { description: 'identical, compatible or breaking.' }) verdict: string;
  @Field(() => [SignatureChangeObject]) changes: SignatureChangeObject[];
}
