import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayNotEmpty,
  IsBoolean,
  IsDateString,
  IsDefined,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Input, Member, Output, Signature, SignatureClassError, specOf, type Class } from '../class';
import { parseSignature } from '../index';

enum Mood {
  Happy = 'happy',
  Angry = 'angry',
}
enum Level {
  Low = 1,
  High = 2,
}

@Signature()
class Qa {
  @Input() question!: string;
  @Output({ min: 0, max: 1 }) confidence!: number;
}

@Signature({ name: 'RouteTicket', instructions: 'Choose the team.' })
class Ticket {
  @Input({ description: 'what the customer wrote', maxLength: 80 }) ticket!: string;
  @Input({ type: 'enum["en", "de"]', default: 'en' }) lang!: string;
  @Output('enum["billing", "shipping"]') team!: string;
  @Output('probability "how sure"') sure!: number;
  @Output({ type: 'list[string]', maxItems: 3, optional: true }) notes!: string[] | null;
}

@Signature()
class Plain {
  @Input() a!: string;
  @Input() b!: number;
  @Input() c!: boolean;
  @Input() d!: Date;
  @Output({ type: 'json' }) z!: unknown;
}

@Signature()
class Validated {
  @Input() @IsString() @MinLength(2) @MaxLength(80) @Matches(/^[A-Z]\/[^/]/) a!: string;
  @Input() @IsInt() @Min(1) @Max(5) b!: number;
  @Input() @IsOptional() @IsEmail() c?: string;
  @Input() @IsUrl() d!: string;
  @Input() @IsIn(['x', 'y']) e!: 'x' | 'y';
  @Input() @IsEnum(Mood) f!: Mood;
  @Input() @IsEnum(Level) g!: Level;
  @Input() @IsNumber() @IsDefined() h!: number;
  @Input() @IsBoolean() i!: boolean;
  @Input() @IsDateString() j!: string;
  @Input() @IsObject() k!: Record<string, unknown>;
  @Input() @Length(1, 3) l!: string;
  @Input() @IsNotEmpty() m!: string;
  @Output() @ArrayMinSize(1) @ArrayMaxSize(5) @IsString({ each: true }) @MaxLength(9, { each: true }) y!: string[];
  @Output() @ArrayNotEmpty() @IsInt({ each: true }) @Min(0, { each: true }) z!: number[];
}

class Item {
  @IsString() name!: string;
  @IsOptional() @IsInt() count?: number;
}

class Address {
  @Member({ description: 'with its number' }) street!: string;
  @Member() @Matches(/^\d+$/) zip!: string;
}

@Signature()
class Nested {
  @Input() @ValidateNested() address!: Address;
  @Input() @ValidateNested({ each: true }) @Type(() => Item) @ArrayMaxSize(9) items!: Item[];
  @Output({ type: () => Item }) best!: unknown;
  @Output({ type: () => [Item] }) rest!: unknown;
  @Output() @Type(() => Number) scores!: number[];
  @Output() @Type(() => Date) when!: Date;
}

class Common {
  @Input() @IsString() question!: string;
  @Input() @IsInt() limit!: number;
}

@Signature()
class Derived extends Common {
  @Input({ type: 'int', default: 5 }) declare limit: number;
  @Output() answer!: string;
}

@Signature()
class Mixed {
  @Input({ type: 'list[string(minLength=1)]' }) @ArrayMaxSize(3) @MaxLength(9, { each: true }) a!: string[];
  @Input('string?') @MinLength(1) b!: string;
  @Input({ type: 'url', optional: true, default: null }) c!: string;
  @Output('dict[string, list[int]] "by name"') z!: Record<string, number[]>;
}

describe('specOf', () => {
  it.each<[Class, string, object?]>([
    [Qa, 'question: string -> confidence: float(min=0, max=1)'],
    [
      Ticket,
      'ticket: string(maxLength=80) "what the customer wrote", lang: enum["en", "de"] = "en" -> team: enum["billing", "shipping"], sure: probability "how sure", notes: list[string](maxItems=3)?',
      { name: 'RouteTicket', instructions: 'Choose the team.' },
    ],
    [Plain, 'a: string, b: float, c: bool, d: datetime -> z: json'],
    [
      Validated,
      `a: string(minLength=2, maxLength=80, pattern="^[A-Z]/[^/]"), b: int(min=1, max=5), c: email?, d: url, e: enum["x", "y"],
       f: enum["happy", "angry"], g: enum[1, 2], h: float, i: bool, j: datetime, k: dict[string, json],
       l: string(minLength=1, maxLength=3), m: string(minLength=1)
       -> y: list[string(maxLength=9)](minItems=1, maxItems=5), z: list[int(min=0)](minItems=1)`,
    ],
    [
      Nested,
      `address: object{ street: string "with its number", zip: string(pattern="^\\\\d+$") },
       items: list[object{ name: string, count: int? }](maxItems=9)
       -> best: object{ name: string, count: int? }, rest: list[object{ name: string, count: int? }], scores: list[float], when: datetime`,
    ],
    [Derived, 'question: string, limit: int = 5 -> answer: string'],
    [
      Mixed,
      `a: list[string(minLength=1, maxLength=9)](maxItems=3), b: string(minLength=1)?, c: url? = null
       -> z: dict[string, list[int]] "by name"`,
    ],
  ])('of %p is that of its text', (target, text, options = {}) => {
    const spec = specOf(target);
    expect(spec).toEqual(parseSignature(text, { name: target.name, ...options }));
    expect(spec.hash).toBe(parseSignature(spec.definition, options).hash);
  });
});

/** A signature of one input and an output, with what a test is about. */
function classWith(...decorators: PropertyDecorator[]): Class {
  class Faulty {
    declare a: unknown;
    declare z: unknown;
  }
  for (const decorate of decorators) decorate(Faulty.prototype, 'a');
  Output('string')(Faulty.prototype, 'z');
  Signature()(Faulty);
  return Faulty;
}

function faultsOf(target: Class): SignatureClassError {
  try {
    specOf(target);
  } catch (error) {
    if (error instanceof SignatureClassError) return error;
    throw error;
  }
  throw new Error('The class was taken for a signature.');
}

class Empty {}
class Endless {
  @Member({ type: () => Endless }) next!: unknown;
}
class HalfDeclared {
  @Member() known!: string;
  @IsString() forgotten!: string;
}
class WrongItem {
  @Member('strin') name!: string;
}

@Signature()
class lower {
  @Input() a!: string;
  @Output() z!: string;
}
@Signature()
class Sideless {
  @Input() a!: string;
}
@Signature()
class Membered {
  @Input() a!: string;
  @Member() b!: string;
  @Output() z!: string;
}
class Undecorated {
  @Input() a!: string;
}

describe('specOf names what keeps a class from being a signature', () => {
  it.each<[string, PropertyDecorator[], object]>([
    ['an unknown type', [Input('strin')], { code: 'unknown_type', hint: 'Did you mean "string"?' }],
    ['no type', [Input()], { code: 'unknown_property_type', hint: expect.stringContaining('@Input("list[string]")') }],
    ['a list of what', [Input(), ArrayNotEmpty()], { code: 'unknown_property_type' }],
    [
      'a rule without a word',
      [Input(), IsString(), IsUUID()],
      { code: 'unsupported_validator', message: expect.stringContaining('"isUuid"') },
    ],
    ['a condition', [Input(), IsString(), ValidateIf(() => true)], { code: 'unsupported_validator' }],
    [
      'a flag of a pattern',
      [Input(), IsString(), Matches(/a/i)],
      { code: 'unsupported_validator', message: expect.stringContaining('"i"') },
    ],
    [
      'two types at once',
      [Input(), IsString(), IsInt()],
      { code: 'contradiction', message: expect.stringContaining('string and int') },
    ],
    [
      'two limits at once',
      [Input({ max: 3 }), IsInt(), Max(4)],
      { code: 'contradiction', message: expect.stringContaining('max is 3 and 4') },
    ],
    ['items of no list', [Input('int'), Min(1, { each: true })], { code: 'contradiction' }],
    ['a rule of items on a list', [Input(), IsString(), IsString({ each: true })], { code: 'contradiction' }],
    [
      'a limit of another type',
      [Input(), IsString(), Min(1)],
      { code: 'invalid_constraint', message: expect.stringContaining('"min" of field "a"') },
    ],
    ['a pattern beyond the subset', [Input(), IsString(), Matches(/(?=a)/)], { code: 'unsupported_pattern' }],
    ['a default of another type', [Input({ type: 'int', default: 'x' })], { code: 'invalid_default' }],
    ['a default of an output', [Output('int = 3')], { code: 'invalid_default' }],
    ['more than a type', [Input('int, b: string')], { code: 'unexpected_text' }],
    ['an arrow', [Input('int -> b')], { code: 'repeated_arrow' }],
    [
      'a class without members',
      [Input({ type: () => Empty })],
      { code: 'unknown_property_type', message: expect.stringContaining('"Empty"') },
    ],
    ['an empty enum', [Input(), IsIn([])], { code: 'unexpected_text' }],
  ])('%s', (_, decorators, issue) => {
    const { errors, message } = faultsOf(classWith(...decorators));
    expect(errors).toEqual([
      expect.objectContaining({ className: 'Faulty', property: 'a', hint: expect.any(String), ...issue }),
    ]);
    expect(message).toMatch(/^Faulty\.a: [A-Z"].*\. [A-Z].*[.?]$/);
  });

  it.each<[Class, object]>([
    [lower, { className: 'lower', code: 'invalid_signature_name' }],
    [Sideless, { className: 'Sideless', code: 'empty_side', hint: expect.stringContaining('@Output()') }],
    [Membered, { className: 'Membered', property: 'b', code: 'undeclared_member' }],
    [Undecorated, { className: 'Undecorated', code: 'not_a_signature' }],
    [classWith(Input({ type: () => Endless })), { className: 'Endless', property: 'next', code: 'recursive_class' }],
    [
      classWith(Input({ type: () => HalfDeclared })),
      { className: 'HalfDeclared', property: 'forgotten', code: 'undeclared_member' },
    ],
    [classWith(IsString()), { className: 'Faulty', property: 'a', code: 'undeclared_member' }],
    [classWith(Input({ type: () => [WrongItem] })), { className: 'WrongItem', property: 'name', code: 'unknown_type' }],
  ])('%p', (target, issue) => {
    expect(faultsOf(target).errors).toEqual([expect.objectContaining({ hint: expect.any(String), ...issue })]);
  });

  it('all of it at once', () => {
    const target = classWith(Input('strin'));
    Input()(target.prototype as object, 'class');
    IsString()(target.prototype as object, 'class');
    expect(faultsOf(target).errors.map(({ property, code }) => [property, code])).toEqual([
      ['a', 'unknown_type'],
      ['class', 'reserved_name'],
    ]);
  });
});
