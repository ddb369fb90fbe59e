import type { Program } from '../src/index';
import { DspyNestModule, InjectProgram, type ProgramOf } from '../src/nest';

interface Programs {
  qa: { inputs: { question: string }; outputs: { answer: string } };
}
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<Holds extends true> = Holds;

export type Tests = [Expect<Equal<ProgramOf<Programs, 'qa'>, Program<{ question: string }, { answer: string }>>>];

InjectProgram('any-name');
InjectProgram<Programs>('qa');
DspyNestModule.forFeature<Programs>(['qa']);
// @ts-expect-error -- no such program
InjectProgram<Programs>('aq');
// @ts-expect-error -- no such program
DspyNestModule.forFeature<Programs>(['aq']);
