import { isGoodEnough, scoreOf, subjectOf, type Evaluation, type ExampleResult } from './evaluation';

const SHOWN_CHARS = 1_000;
const MS_PER_S = 1_000;

/** One test of a report. `failure` and `error` are XML. */
interface TestCase {
  readonly name: string;
  readonly seconds: number;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly content: string;
}

/**
 * The report of an evaluation as build servers read it (JUnit's XML). The score is a test, and so is each example; those that scored
 * less than 1 are failures only when the score is too low, so that a build that is good enough has none.
 */
export function junitReport(
  evaluation: Evaluation,
  results: readonly ExampleResult[],
  least: number | undefined,
): string {
  const isGood = isGoodEnough(evaluation, least);
  const gate = least === undefined ? [] : [gateCase(evaluation, least, isGood)];
  const cases = [...gate, ...results.map((result) => exampleCase(result, isGood))];
  const count = (kind: TestCase['kind']): number => cases.filter((one) => one.kind === kind).length;
  const totals = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" time="${secondsOf(evaluation)}"`;
  const suite = `name=${quoted(subjectOf(evaluation))} ${totals} skipped="${count('skipped')}" timestamp="${evaluation.createdAt.slice(0, 19)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="dspy-nest eval" ${totals}>`,
    `<testsuite ${suite}>`,
    `<properties>${propertiesOf(evaluation)}</properties>`,
    ...cases.map((one) => caseXml(evaluation.program, one)),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function gateCase(evaluation: Evaluation, least: number, isGood: boolean): TestCase {
  const message = `${scoreOf(evaluation)}; at least ${least} is asked for`;
  const content = isGood ? '' : `<failure message=${quoted(message)} type="score"/>`;
  return { name: `score of at least ${least}`, seconds: 0, kind: isGood ? 'passed' : 'failure', content };
}

function exampleCase(result: ExampleResult, isGood: boolean): TestCase {
  const { score, errorCode, totalMs } = result;
  const name = `example ${result.index} ${result.exampleId.slice(0, 8)}`;
  const seconds = (totalMs ?? 0) / MS_PER_S;
  const details = `<system-out>${escaped(detailsOf(result))}</system-out>`;
  if (score === null) return { name, seconds, kind: 'skipped', content: `<skipped message="no score"/>${details}` };
  if (score === 1 || isGood) return { name, seconds, kind: 'passed', content: score === 1 ? '' : details };
  const kind = errorCode === null ? 'failure' : 'error';
  const message = errorCode === null ? `scored ${score}` : 'gave no answer';
  const type = errorCode ?? 'score';
  return { name, seconds, kind, content: `<${kind} message=${quoted(message)} type=${quoted(type)}/>${details}` };
}

function detailsOf({ inputs, expected, answer, score, errorCode, executionId }: ExampleResult): string {
  const facts = { score, errorCode, executionId, inputs, expected, answer };
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${shortened(JSON.stringify(value))}`)
    .join('\n');
}

function propertiesOf({ id, summary, counts, usage }: Evaluation): string {
  const { score = null, interval = null } = summary ?? {};
  const facts = {
    evaluation: id,
    score,
    low: interval?.low,
    high: interval?.high,
    level: interval?.level,
    unscored: counts.unscored,
    costUsd: usage.costUsd,
  };
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `<property name="${name}" value=${quoted(String(value))}/>`)
    .join('');
}

function caseXml(program: string, { name, seconds, content }: TestCase): string {
  return `<testcase classname=${quoted(program)} name=${quoted(name)} time="${seconds.toFixed(3)}">${content}</testcase>`;
}

function secondsOf({ createdAt, finishedAt }: Evaluation): string {
  const ms = finishedAt === null ? 0 : Date.parse(finishedAt) - Date.parse(createdAt);
  return (ms / MS_PER_S).toFixed(3);
}

const quoted = (text: string): string => `"${escaped(text)}"`;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text within XML 1.0, which has no place for most control characters and none for halves of surrogate pairs. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}

const shortened = (text: string): string => (text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}...` : text);
