import { IsInt, IsObject, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { ValidationFailedError } from '@dspy-nest/platform';
import { MalformedRequestError } from '../http/http.errors';
import { ShallowBodyPipe, strictValidationPipe } from './validation.pipe';

class InnerDto {
  @IsInt()
  count: number;
}

class OuterDto {
  @Matches(/^[a-z]+$/, { message: 'must be lower-case letters' })
  name: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => InnerDto)
  inner?: InnerDto;
}

class OpenDto {
  @IsObject()
  inputs: Record<string, unknown>;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  inner?: InnerDto;

  @IsOptional()
  @IsString()
  model?: string;
}

async function refusal(work: () => unknown): Promise<ValidationFailedError> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(ValidationFailedError);
    return error as ValidationFailedError;
  }
  throw new Error('accepted');
}

describe('strictValidationPipe', () => {
  const check = (body: unknown) => strictValidationPipe().transform(body, { type: 'body', metatype: OuterDto });

  it('passes a good body', async () => {
    await expect(check({ name: 'qa', inner: { count: 1 } })).resolves.toEqual({ name: 'qa', inner: { count: 1 } });
  });

  it.each([undefined, null])('refuses %s in place of a body', (body) => {
    expect(() => check(body)).toThrow(MalformedRequestError);
  });

  it('points at every bad member, also nested ones', async () => {
    const { details } = await refusal(() => check({ name: 'QA', inner: { count: 'x', more: 1 }, extra: 1 }));
    expect(details.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/name', code: 'matches', message: 'must be lower-case letters' },
        { pointer: '/inner/count', code: 'is_int', message: 'count must be an integer number' },
        { pointer: '/inner/more', code: 'unknown_member', message: 'is not known here; remove it' },
        { pointer: '/extra', code: 'unknown_member', message: 'is not known here; remove it' },
      ]),
    );
    expect(details.errors).toHaveLength(4);
  });
});

describe('ShallowBodyPipe', () => {
  const pipe = new ShallowBodyPipe(OpenDto, { open: 'inputs', members: { inner: InnerDto } });

  it('hands on the very object it was given, however its open part looks', () => {
    const body = { inputs: { constructor: 1, a: [{ b: {} }] } };
    expect(pipe.transform(body)).toBe(body);
  });

  it('refuses unknown and wrong members of the top level', async () => {
    const { details } = await refusal(() => pipe.transform({ inputs: [], modle: 'x' }));
    expect(details.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/modle', 'unknown_member'],
      ['/inputs', 'is_object'],
    ]);
  });

  it.each([{ inputs: [] }, { inputs: null }, { inputs: 'text' }, {}, { input: {} }])('refuses %j', async (body) => {
    const { details } = await refusal(() => pipe.transform(body));
    expect(details.errors).toContainEqual(expect.objectContaining({ pointer: '/inputs', code: 'is_object' }));
  });

  it('checks the members that have a class, and leaves them as they came', async () => {
    const body = { inputs: {}, inner: { count: 1 } };
    expect(pipe.transform(body)).toBe(body);
    expect(Object.getPrototypeOf(body.inner)).toBe(Object.prototype);
    const { details } = await refusal(() => pipe.transform({ inputs: {}, inner: { count: 'x', cuont: 1 } }));
    expect(details.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/inner/cuont', 'unknown_member'],
      ['/inner/count', 'is_int'],
    ]);
  });

  it.each([[], [[]], 'text', 1].map((inner) => [inner]))('refuses %j where an object belongs', async (inner) => {
    const { details } = await refusal(() => pipe.transform({ inputs: {}, inner }));
    expect(details.errors?.[0]).toMatchObject({ pointer: '/inner', code: 'is_object' });
  });

  it('asks for a body', () => expect(() => pipe.transform(undefined)).toThrow(MalformedRequestError));
});
