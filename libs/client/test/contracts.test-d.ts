import type {
  CloudEvent as StoredEvent,
  ExecutionEventV1,
  ExecutionV1,
  ProgramStateImportedV1,
} from '@dspy-nest/contracts';
import type { Execution } from '../src/execution';
import type { ExecutionEvent } from '../src/execution-event';
import type { CloudEvent } from '../src/platform-event';
import type { ImportedState } from '../src/program-state';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<Holds extends true> = Holds;
type Flat<T> = { [Member in keyof T]: T[Member] };
type Loose<T> = Omit<T, 'error' | 'adapter' | 'format' | 'lane'>;
type KeyOfEach<T> = T extends unknown ? keyof T : never;

// The client has no dependency on the contracts, and yet the form of what they describe.
export type Tests = [
  Expect<Equal<keyof Execution, keyof ExecutionV1>>,
  Expect<ExecutionV1 extends Execution ? true : false>,
  Expect<Flat<Loose<Execution>> extends Flat<Loose<ExecutionV1>> ? true : false>,
  Expect<Equal<ExecutionEvent['type'], ExecutionEventV1['type']>>,
  Expect<Equal<KeyOfEach<ExecutionEvent>, keyof ExecutionEventV1>>,
  Expect<ExecutionEvent extends Omit<ExecutionEventV1, 'error' | 'execution'> ? true : false>,
  Expect<ProgramStateImportedV1 extends ImportedState ? true : false>,
  Expect<Equal<Flat<StoredEvent>, Flat<CloudEvent>>>,
];
