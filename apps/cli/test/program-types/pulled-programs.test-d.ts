import type { Inputs, Outputs } from '@dspy-nest/signature';
import type { definitions } from './definitions';
import type { Programs } from './pulled-programs';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<Holds extends true> = Holds;

type Definitions = typeof definitions;
type IsRight<Name extends keyof Programs & keyof Definitions> = [
  Programs[Name]['inputs'],
  Programs[Name]['outputs'],
] extends infer Pulled
  ? Equal<Pulled, [Inputs<Definitions[Name]>, Outputs<Definitions[Name]>]>
  : never;

// What `types pull` writes is what TypeScript infers from the same definitions.
export type Tests = [
  Expect<Equal<keyof Programs, keyof Definitions>>,
  Expect<IsRight<'plain'>>,
  Expect<IsRight<'all-words'>>,
  Expect<IsRight<'optional'>>,
  Expect<IsRight<'enums'>>,
  Expect<IsRight<'nested'>>,
  Expect<IsRight<'unions'>>,
  Expect<IsRight<'limited'>>,
];
