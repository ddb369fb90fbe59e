import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';

const IN_ANY_CASE = { nullable: true, description: 'In any case.' } as const;
const IS_NULL = { nullable: true, description: 'Whether there is no value.' } as const;

/** Conditions on a text. */
@InputType()
export class StringFilter {
  @Field(() => String, { nullable: true }) eq?: string;
  @Field(() => String, { nullable: true }) ne?: string;
  @Field(() => [String], { nullable: true }) in?: string[];
  @Field(() => [String], { nullable: true }) notIn?: string[];
  @Field(() => String, { nullable: true }) gt?: string;
  @Field(() => String, { nullable: true }) gte?: string;
  @Field(() => String, { nullable: true }) lt?: string;
  @Field(() => String, { nullable: true }) lte?: string;
  @Field(() => String, IN_ANY_CASE) contains?: string;
  @Field(() => String, IN_ANY_CASE) startsWith?: string;
  @Field(() => String, IN_ANY_CASE) endsWith?: string;
  @Field(() => Boolean, IS_NULL) isNull?: boolean;
}

/** Conditions on an id. */
@InputType()
export class IdFilter {
  @Field(() => ID, { nullable: true }) eq?: string;
  @Field(() => ID, { nullable: true }) ne?: string;
  @Field(() => [ID], { nullable: true }) in?: string[];
  @Field(() => [ID], { nullable: true }) notIn?: string[];
  @Field(() => Boolean, IS_NULL) isNull?: boolean;
}

/** Conditions on an integer. */
@InputType()
export class IntFilter {
  @Field(() => Int, { nullable: true }) eq?: number;
  @Field(() => Int, { nullable: true }) ne?: number;
  @Field(() => [Int], { nullable: true }) in?: number[];
  @Field(() => [Int], { nullable: true }) notIn?: number[];
  @Field(() => Int, { nullable: true }) gt?: number;
  @Field(() => Int, { nullable: true }) gte?: number;
  @Field(() => Int, { nullable: true }) lt?: number;
  @Field(() => Int, { nullable: true }) lte?: number;
  @Field(() => Boolean, IS_NULL) isNull?: boolean;
}

/** Conditions on a number. */
@InputType()
export class FloatFilter {
  @Field(() => Float, { nullable: true }) eq?: number;
  @Field(() => Float, { nullable: true }) ne?: number;
  @Field(() => [Float], { nullable: true }) in?: number[];
  @Field(() => [Float], { nullable: true }) notIn?: number[];
  @Field(() => Float, { nullable: true }) gt?: number;
  @Field(() => Float, { nullable: true }) gte?: number;
  @Field(() => Float, { nullable: true }) lt?: number;
  @Field(() => Float, { nullable: true }) lte?: number;
  @Field(() => Boolean, IS_NULL) isNull?: boolean;
}

/** Conditions on a truth value. */
@InputType()
export class BooleanFilter {
  @Field(() => Boolean, { nullable: true }) eq?: boolean;
  @Field(() => Boolean, { nullable: true }) ne?: boolean;
  @Field(() => Boolean, IS_NULL) isNull?: boolean;
}

/** Conditions on an instant, in ISO 8601. */
@InputType()
export class DateTimeFilter {
  @Field(() => String, { nullable: true }) eq?: string;
  @Field(() => String, { nullable: true }) ne?: string;
  @Field(() => [String], { nullable: true }) in?: string[];
  @Field(() => [String], { nullable: true }) notIn?: string[];
  @Field(() => String, { nullable: true }) gt?: string;
  @Field(() => String, { nullable: true }) gte?: string;
  @Field(() => String, { nullable: true }) lt?: string;
  @Field(() => String, { nullable: true }) lte?: string;
  @Field(() => Boolean, IS_NULL) isNull?: boolean;
}

/** The filter of a resource: all of its conditions must hold, and it can be combined with others of its kind. */
export function ResourceFilter(name: string): ClassDecorator {
  return (target) => {
    const self = target as unknown as new () => object;
    InputType(name)(target);
    Field(() => [self], { nullable: true, description: 'All of these must hold.' })(self.prototype as object, 'and');
    Field(() => [self], { nullable: true, description: 'At least one of these must hold.' })(
      self.prototype as object,
      'or',
    );
    Field(() => self, { nullable: true, description: 'This must not hold.' })(self.prototype as object, 'not');
  };
}
