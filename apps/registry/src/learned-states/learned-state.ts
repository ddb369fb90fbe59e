import {
  JSON_MAX_DEPTH,
  STATE_MAX_BYTES,
  type JsonObject,
  type ProgramState,
  type StateNote,
} from '@dspy-nest/contracts';
import { AppError, isStorableText, ValidationFailedError } from '@dspy-nest/platform';
import type { ModuleOfProgram } from '../module-types/module-type';
import { MODULE_TYPES } from '../module-types/module-types';
import { readPredictorState } from './predictor-state';
import { below, StateReport } from './state-report';

/** Packages whose versions DSPy compares when it loads a state; it fails on any other. */
const DEPENDENCIES = ['python', 'dspy', 'cloudpickle'];

/** A state as it is kept and given out, and what of the saved one it leaves out. */
export interface LearnedState {
  readonly state: ProgramState;
  readonly notes: StateNote[];
}

/** Thrown when a state is too large to travel with its program. */
export class StateTooLargeError extends AppError {
  readonly code = 'payload_too_large';

  constructor(bytes: number) {
    super(`The state has ${bytes} bytes; at most ${STATE_MAX_BYTES} are kept. Save it with fewer or shorter demos.`);
  }
}

/** Reads what DSPy saved of a program of this module and signature. Throws ValidationFailedError, StateTooLargeError. */
export function readLearnedState(saved: ProgramState, { signature, module, config }: ModuleOfProgram): LearnedState {
  const report = new StateReport();
  checkCarriable(saved, report);
  const { metadata, version, ...learned } = saved as JsonObject;
  if (version !== undefined) report.leaveOut('/version', 'The version of a program is given by the platform.');
  const state = readPredictors(learned, { signature, module, config }, report);
  report.throwIfRefused();
  return { state: { ...state, metadata: keptMetadata(metadata) }, notes: report.notes };
}

function readPredictors(
  learned: JsonObject,
  { signature, module, config }: ModuleOfProgram,
  report: StateReport,
): ProgramState {
  const predictors = MODULE_TYPES[module].predictors(signature, config);
  const itself = predictors.find(({ name }) => name === null);
  if (itself !== undefined) return { ...readPredictorState(learned, itself, report) };
  const state: ProgramState = {};
  for (const shape of predictors) {
    const name = shape.name!;
    state[name] = Object.hasOwn(learned, name) ? readPredictorState(learned[name], shape, report) : undefined;
  }
  checkNames(learned, Object.keys(state), module, report);
  return state;
}

/** Throws ValidationFailedError when what a program has learned does not fit what it is to become. */
export function checkStillFits(state: ProgramState, version: ModuleOfProgram): void {
  try {
    readLearnedState(state, version);
  } catch (cause) {
    if (!(cause instanceof ValidationFailedError)) throw cause;
    const message =
      'What the program has learned does not fit its new signature or module. Send "state": null to leave it behind, ' +
      'and import another state afterwards.';
    throw new ValidationFailedError(message, [{ pointer: '/state', code: 'state_mismatch', message }], { cause });
  }
}

function checkNames(learned: JsonObject, names: readonly string[], module: string, report: StateReport): void {
  const known = `${module} has the predictors ${names.map((name) => `"${name}"`).join(', ')}.`;
  for (const name of names.filter((name) => !Object.hasOwn(learned, name))) {
    report.refuse(below('', name), 'missing_predictor', `The state says nothing of "${name}". ${known}`);
  }
  for (const name of Object.keys(learned).filter((name) => !names.includes(name))) {
    const message = `"${name}" is no predictor of the program. ${known} Import the state into a program of the module it is of.`;
    report.refuse(below('', name), 'unknown_predictor', message);
  }
}

/** Throws at once, since nothing else can be said of what cannot be kept at all. */
function checkCarriable(saved: ProgramState, report: StateReport): void {
  checkTexts(saved, '', 0, report);
  report.throwIfRefused();
  const bytes = Buffer.byteLength(JSON.stringify(saved));
  if (bytes > STATE_MAX_BYTES) throw new StateTooLargeError(bytes);
}

function checkTexts(value: unknown, pointer: string, depth: number, report: StateReport): void {
  if (depth > JSON_MAX_DEPTH) {
    report.refuse(pointer, 'json_too_deep', `The state nests deeper than ${JSON_MAX_DEPTH} levels. Make it flatter.`);
  } else if (typeof value === 'string') {
    if (!isStorableText(value)) report.refuse(pointer, 'invalid_text', UNSTORABLE);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (!isStorableText(name)) report.refuse(pointer, 'invalid_text', UNSTORABLE);
      checkTexts(member, below(pointer, name), depth + 1, report);
    }
  }
}

const UNSTORABLE = 'Texts must be Unicode without the character U+0000 and without halves of surrogate pairs.';

function keptMetadata(metadata: unknown): JsonObject {
  const saved = (metadata as JsonObject | null | undefined)?.['dependency_versions'];
  const versions = typeof saved === 'object' && saved !== null ? Object.entries(saved) : [];
  const kept = versions.filter(([name, version]) => DEPENDENCIES.includes(name) && typeof version === 'string');
  return { dependency_versions: Object.fromEntries(kept) };
}
