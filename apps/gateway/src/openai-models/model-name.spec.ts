import { readModelName, versionedName } from './model-name';

it.each([
  ['qa', { program: 'qa' }],
  ['route-ticket@12', { program: 'route-ticket', version: 12 }],
])('reads %s', (text, name) => expect(readModelName(text)).toEqual(name));

it.each(['', 'Qa', 'qa@', 'qa@0', 'qa@1.5', 'qa@1234567890', 'qa@@1', 'openai/qa', `a${'b'.repeat(63)}`])(
  'knows no model %p',
  (text) => expect(() => readModelName(text)).toThrow('Models are programs'),
);

it('reads what it writes', () => expect(readModelName(versionedName('qa', 3))).toEqual({ program: 'qa', version: 3 }));
