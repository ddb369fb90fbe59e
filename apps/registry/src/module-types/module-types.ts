import type { ProgramVersionV1 } from '@dspy-nest/contracts';
import { bestOfN } from './best-of-n/best-of-n';
import { chainOfThought } from './chain-of-thought/chain-of-thought';
import { majority } from './majority/majority';
import type { ModuleType } from './module-type';
import { multiChainComparison } from './multi-chain-comparison/multi-chain-comparison';
import { predict } from './predict/predict';
import { react } from './react/react';
import { refine } from './refine/refine';

/** The modules that programs can be made of: a folder and a line each. */
export const MODULE_TYPES: Readonly<Record<ProgramVersionV1['module'], ModuleType>> = {
  Predict: predict,
  ChainOfThought: chainOfThought,
  Majority: majority,
  MultiChainComparison: multiChainComparison,
  BestOfN: bestOfN,
  Refine: refine,
  ReAct: react,
};
