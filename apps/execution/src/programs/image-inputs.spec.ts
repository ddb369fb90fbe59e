import { BODY_MAX_BYTES, IMAGE_MAX_BYTES } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { compileInputsCheck } from './inputs';
import { InvalidInputsError } from './programs.errors';

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const CAT = 'https://example.com/cat.png';

const image = (bytes: number, type = 'png'): string =>
  `data:image/${type};base64,${Buffer.alloc(bytes, 7).toString('base64')}`;

/** What is wrong with an input of a type, as `pointer code`. */
function problems(type: string, value: unknown): string[] {
  try {
    compileInputsCheck(parseSignature(`given: ${type} -> answer`, { name: 'Test' }))({ given: value });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputsError)) throw error;
    return (error.details.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

describe('an image', () => {
  it.each([
    ['image', CAT],
    ['image', PIXEL],
    ['image', image(4, 'jpeg')],
    ['image', image(5, 'webp')],
    ['image', image(6, 'gif')],
    ['image?', null],
    ['list[image]', [CAT, PIXEL]],
    ['optional[image]', PIXEL],
    ['object{ photo: image, title: string }', { photo: CAT, title: 'A cat' }],
    ['dict[string, image]', { cat: PIXEL }],
    ['image | int', 7],
    ['image | int', PIXEL],
    ['image | string', 'a cat'],
  ])('%s may be given', (type, value) => expect(problems(type, value)).toEqual([]));

  it.each([
    ['image', 'cat.png', '/inputs/given image_invalid'],
    ['image', '/etc/passwd', '/inputs/given image_invalid'],
    ['image', 'ftp://example.com/cat.png', '/inputs/given image_invalid'],
    ['image', 'https://', '/inputs/given image_invalid'],
    ['image', 'https://example.com/a cat.png', '/inputs/given image_invalid'],
    ['image', 'data:image/svg+xml;base64,AAAA', '/inputs/given image_invalid'],
    ['image', 'data:image/png,AAAA', '/inputs/given image_invalid'],
    ['image', 'data:text/html;base64,AAAA', '/inputs/given image_invalid'],
    ['image', 'data:image/png;base64,', '/inputs/given image_invalid'],
    ['image', 'data:image/png;base64,AAA', '/inputs/given image_invalid'],
    ['image', 'data:image/png;base64,AA=A', '/inputs/given image_invalid'],
    ['image', 'data:image/png;base64,AA-_', '/inputs/given image_invalid'],
    ['image', `${PIXEL}\n`, '/inputs/given image_invalid'],
    ['image', 7, '/inputs/given wrong_type'],
    ['optional[image]', 'cat.png', '/inputs/given image_invalid'],
    ['list[image]', [CAT, 'cat.png'], '/inputs/given/1 image_invalid'],
    ['dict[string, image]', { 'a/b': 'cat.png' }, '/inputs/given/a~1b image_invalid'],
    ['object{ photo: image }', { photo: PIXEL.slice(0, -1) }, '/inputs/given/photo image_invalid'],
    ['image | int', 'data:image/png;base64,@@@@', '/inputs/given image_invalid'],
  ])('%s is refused as %j with a pointer to it', (type, value, problem) => {
    expect(problems(type, value)).toEqual([problem]);
  });

  it('may have 10 MiB and no more', () => {
    expect(problems('image', image(IMAGE_MAX_BYTES))).toEqual([]);
    expect(problems('image', image(IMAGE_MAX_BYTES + 1))).toEqual(['/inputs/given image_too_large']);
  });

  it('is told what is wrong with it, and what is allowed', () => {
    const check = compileInputsCheck(parseSignature('photo: image -> answer', { name: 'Test' }));
    expect(() => check({ photo: image(IMAGE_MAX_BYTES + 1_048_576) })).toThrow(
      'The image has 11.0 MiB; at most 10 are taken. Make it smaller, or give its URL.',
    );
    expect(() => check({ photo: 'cat.png' })).toThrow('the http or https URL of an image, or a data URI');
  });
});

describe('what is no image', () => {
  const text = 'x'.repeat(BODY_MAX_BYTES - 10);

  it('may have 1 MiB, with images beside it', () => {
    expect(problems('string', text)).toEqual([]);
    expect(problems('object{ photo: image, text: string }', { photo: image(3_000_000), text })).toEqual([]);
  });

  it('may not have more, also in the form of an image', () => {
    for (const [type, value] of [
      ['string', image(3_000_000)],
      ['json', { deep: [image(400_000), image(400_000)] }],
      ['list[string]', [image(600_000), image(600_000)]],
      ['object{ photo: image, text: string }', { photo: image(3_000_000), text: image(900_000) }],
    ] as const) {
      expect(problems(type, value)).toEqual(['/inputs too_large']);
    }
  });
});
