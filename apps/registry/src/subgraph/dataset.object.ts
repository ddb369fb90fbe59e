import { EXAMPLE_SPLITS } from '@dspy-nest/contracts';
import {
  ConnectionArgs,
  connectionType,
  DateTimeFilter,
  DateTimeScalar,
  IdFilter,
  IntFilter,
  JsonScalar,
  ResourceFilter,
  StringFilter,
} from '@dspy-nest/graphql';
import { ArgsType, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

/** The splits as GraphQL names them. */
export const SPLIT_ENUM = Object.fromEntries(EXAMPLE_SPLITS.map((split) => [split.toUpperCase(), split]));
registerEnumType(SPLIT_ENUM, { name: 'ExampleSplit', description: 'What an example is for.' });

@ObjectType('DatasetFields', { description: 'The names of what an example has.' })
class DatasetFieldsObject {
  @Field(() => [String]) inputs: string[];
  @Field(() => [String]) outputs: string[];
}

@ObjectType('DatasetSplits', { description: 'How examples that name no split are divided; what is left is train.' })
class DatasetSplitsObject {
  // A seed has 32 bits without a sign.
  @Field(() => Float) seed: number;
  @Field(() => Float) validation: number;
  @Field(() => Float) test: number;
  @Field(() => String, { nullable: true, description: 'An output, of whose every value each split has its share.' })
  stratifyBy?: string;
}

@ObjectType('ExampleCounts')
class ExampleCountsObject {
  @Field(() => Int) total: number;
  @Field(() => Int) train: number;
  @Field(() => Int) validation: number;
  @Field(() => Int) test: number;
}

@ObjectType('StratumCounts', {
  description: 'How many examples have one value of the field that a dataset is stratified by.',
})
class StratumCountsObject extends ExampleCountsObject {
  @Field(() => JsonScalar, { nullable: true, description: 'Null is no value.' }) value: unknown;
}

@ObjectType('Dataset', { description: 'Examples typed by a signature, in one version.' })
export class DatasetObject {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int) version: number;
  @Field(() => String, { nullable: true }) description: string | null;
  @Field(() => String) signatureName: string;
  @Field(() => Int) signatureVersion: number;
  @Field(() => DatasetFieldsObject) fields: DatasetFieldsObject;
  @Field(() => DatasetSplitsObject) splits: DatasetSplitsObject;
  @Field(() => ExampleCountsObject) counts: ExampleCountsObject;
  @Field(() => [StratumCountsObject], { nullable: true, description: 'Null unless it is stratified.' })
  strata: StratumCountsObject[] | null;
  @Field(() => String, { description: 'Of the examples and their splits, whatever order they came in.' }) hash: string;
  @Field(() => DateTimeScalar) createdAt: string;
  @Field(() => DateTimeScalar) updatedAt: string;
}

@ObjectType('DatasetExample', { description: 'One example; it is known by what it holds.' })
export class ExampleObject {
  @Field(() => ID) id: string;
  @Field(() => Int, { description: 'Its place in the order of arrival, from 1; with gaps.' }) number: number;
  @Field(() => Int, { description: 'The version that has it first.' }) addedIn: number;
  @Field(() => SPLIT_ENUM) split: string;
  @Field(() => JsonScalar) inputs: unknown;
  @Field(() => JsonScalar) outputs: unknown;
}

export const ExampleConnection = connectionType('DatasetExample', ExampleObject);
export const DatasetConnection = connectionType('Dataset', DatasetObject);

@ResourceFilter('DatasetFilter')
export class DatasetFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) description?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) signature?: StringFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
  @Field(() => DateTimeFilter, { nullable: true }) updatedAt?: DateTimeFilter;
}

@ArgsType()
export class DatasetConnectionArgs extends ConnectionArgs {
  @Field(() => DatasetFilter, { nullable: true }) filter?: DatasetFilter;
}

@InputType()
class DatasetSplitsInput {
  @Field(() => Float) seed: number;
  @Field(() => Float, { description: 'The share of validation.' }) validation: number;
  @Field(() => Float, { description: 'The share of test.' }) test: number;
  @Field(() => String, { nullable: true, description: 'An output, of whose every value each split has its share.' })
  stratifyBy?: string;
}

@InputType()
export class CreateDatasetInput {
  @Field(() => String) name: string;
  @Field(() => String) signature: string;
  @Field(() => Int, { nullable: true, description: 'The newest, unless given.' }) signatureVersion?: number;
  @Field(() => String, { nullable: true }) description?: string;
  @Field(() => DatasetSplitsInput, { nullable: true }) splits?: DatasetSplitsInput;
}
