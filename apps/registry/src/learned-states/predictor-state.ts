import type { JsonObject } from '@dspy-nest/contracts';
import { z } from 'zod';
import type { PredictorShape } from '../module-types/module-type';
import { keptLmSettings } from './lm-settings';
import { below, type StateReport } from './state-report';

const SAVE_AGAIN = 'Save the program again with DSPy 3: program.save("state.json").';

/** What DSPy itself notes in a demo. */
const NOTED_IN_DEMOS = /^(augmented|dspy_\w+)$/;

const Anything = z.array(z.unknown());
const Members = z.record(z.string(), z.unknown());

/** What `Predict.dump_state` writes. DSPy sets whatever else is there as an attribute, so nothing else may be there. */
const SavedPredictor = z.strictObject({
  traces: Anything.default([]),
  train: Anything.default([]),
  demos: z.array(Members),
  signature: z.strictObject({
    instructions: z.string(),
    fields: z.array(z.strictObject({ prefix: z.string(), description: z.string() })),
  }),
  lm: Members.nullable().default(null),
});
type SavedPredictor = z.infer<typeof SavedPredictor>;

/** Reads what a state says of one predictor; what is wrong with it goes into the report. */
export function readPredictorState(
  saved: unknown,
  shape: PredictorShape,
  report: StateReport,
): z.infer<typeof SavedPredictor> | undefined {
  const pointer = shape.name === null ? '' : below('', shape.name);
  const { data, error } = SavedPredictor.safeParse(saved);
  if (data === undefined) {
    for (const issue of error.issues) refuseIssue(issue, pointer, report);
    return undefined;
  }
  checkFields(data, shape, pointer, report);
  data.demos.forEach((demo, index) => checkDemo(demo, shape, below(pointer, 'demos', index), report));
  return { ...data, lm: data.lm && keptLmSettings(data.lm as JsonObject, below(pointer, 'lm'), report) };
}

function refuseIssue(issue: z.core.$ZodIssue, pointer: string, report: StateReport): void {
  const place = below(pointer, ...issue.path.map(String));
  if (issue.code !== 'unrecognized_keys') {
    report.refuse(place, issue.code, `${issue.message}. ${SAVE_AGAIN}`);
    return;
  }
  for (const key of issue.keys) {
    const message = `"${key}" is nothing that DSPy saves here. Take it out, or import the state into a program of the module it is of.`;
    report.refuse(below(place, key), 'unknown_member', message);
  }
}

function checkFields({ signature }: SavedPredictor, shape: PredictorShape, pointer: string, report: StateReport): void {
  const [given, wanted] = [signature.fields.length, shape.fields.length];
  if (given === wanted) return;
  const message =
    `The state is of a signature with ${given} fields, but the predictor has ${wanted}: ${shape.fields.join(', ')}. ` +
    'Import it into a program with the signature it was learned on, or save it with this one.';
  report.refuse(below(pointer, 'signature', 'fields'), 'field_count', message);
}

function checkDemo(demo: object, { fields }: PredictorShape, pointer: string, report: StateReport): void {
  const names = Object.keys(demo);
  for (const name of names.filter((name) => !fields.includes(name) && !NOTED_IN_DEMOS.test(name))) {
    const message = `"${name}" is no field of the predictor, which has ${fields.join(', ')}. Take it out of the demo, or rename it.`;
    report.refuse(below(pointer, name), 'unknown_field', message);
  }
  if (names.some((name) => fields.includes(name))) return;
  const message = `The demo has a value for none of the fields ${fields.join(', ')}. Take it out.`;
  report.refuse(pointer, 'empty_demo', message);
}
