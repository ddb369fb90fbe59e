import type { OpenAPIObject } from '@nestjs/swagger';

type Link = readonly [name: string, operationId: string, parameters: Record<string, string>];

const BY_NAME = { name: '$response.body#/name' };
const BY_ID = { id: '$response.body#/id' };
const FIRST_BY_NAME = { name: '$response.body#/items/0/name' };
const FIRST_BY_ID = { id: '$response.body#/items/0/id' };

const ofResource = (resource: string, noun: string): Link[] => [
  [`read${noun}`, `get${resource}`, BY_NAME],
  [`change${noun}`, `update${resource}`, BY_NAME],
  [`delete${noun}`, `delete${resource}`, BY_NAME],
];
const OF_EXECUTION: Link[] = [
  ['readExecution', 'getExecutions', BY_ID],
  ['readModelCalls', 'callsExecutions', BY_ID],
  ['giveFeedback', 'createFeedback', BY_ID],
  ['readFeedback', 'listFeedback', BY_ID],
  ['followExecution', 'followExecutionEvents', BY_ID],
  ['cancelExecution', 'cancelExecutions', BY_ID],
  ['runAgain', 'rerunExecutionRepeats', BY_ID],
  ['replayExecution', 'replayExecutionRepeats', BY_ID],
];
const OF_BATCH: Link[] = [
  ['readBatch', 'getBatches', BY_ID],
  ['readResults', 'resultsBatches', BY_ID],
  ['followBatch', 'followBatchEvents', BY_ID],
  ['cancelBatch', 'cancelBatches', BY_ID],
];
const OF_SIGNATURE: Link[] = [
  ...ofResource('Signatures', 'Signature'),
  ['listVersions', 'versionsSignatures', BY_NAME],
  ['readJsonSchema', 'jsonSchemaSignatures', BY_NAME],
  ['compareVersions', 'diffSignatures', { ...BY_NAME, from: '$response.body#/version' }],
];
const OF_EVALUATION: Link[] = [
  ['readEvaluation', 'getEvaluations', BY_ID],
  ['readResults', 'resultsEvaluations', BY_ID],
  ['followEvaluation', 'followEvaluationEvents', BY_ID],
  ['cancelEvaluation', 'cancelEvaluations', BY_ID],
  ['compareEvaluation', 'compareEvaluations', BY_ID],
];
const OF_OPTIMIZATION: Link[] = [
  ['readOptimization', 'getOptimizations', BY_ID],
  ['readTrials', 'trialsOptimizations', BY_ID],
  ['readLog', 'logOptimizations', BY_ID],
  ['followOptimization', 'followOptimizationEvents', BY_ID],
  ['readDiff', 'diffOptimizations', BY_ID],
  ['publishCandidate', 'publishOptimizations', BY_ID],
  ['stopOptimization', 'stopOptimizations', BY_ID],
  ['cancelOptimization', 'cancelOptimizations', BY_ID],
];
const OF_METRIC: Link[] = [
  ['readMetric', 'getMetrics', BY_NAME],
  ['changeMetric', 'updateMetrics', BY_NAME],
  ['listVersions', 'versionsMetrics', BY_NAME],
];
const OF_PROGRAM: Link[] = [
  ...ofResource('Programs', 'Program'),
  ['listVersions', 'versionsPrograms', BY_NAME],
  ['readState', 'exportProgramStates', BY_NAME],
  ['runProgram', 'executeProgramExecutions', BY_NAME],
  ['runBatch', 'createProgramBatches', BY_NAME],
  ['readSignature', 'getSignatures', { name: '$response.body#/signature' }],
];
const OF_DATASET: Link[] = [
  ['readDataset', 'getDatasets', BY_NAME],
  ['listVersions', 'versionsDatasets', BY_NAME],
  ['addExamples', 'appendExamples', BY_NAME],
  ['importFile', 'importDatasetImports', BY_NAME],
  ['lookAtFile', 'previewDatasetImports', BY_NAME],
  ['readExamples', 'listExamples', BY_NAME],
  ['addExecutions', 'importExecutionExamples', BY_NAME],
  ['findLeakage', 'leakageDatasetComparisons', BY_NAME],
  ['compareVersions', 'diffDatasetComparisons', { ...BY_NAME, from: '$response.body#/version' }],
  ['exportFile', 'exportDatasetExports', BY_NAME],
  ['deleteDataset', 'deleteDatasets', BY_NAME],
];

/** By operation and status: what can be done next with what was answered. */
const LINKS: Record<string, Record<string, Link[]>> = {
  createSignatures: { 201: OF_SIGNATURE },
  createPrograms: { 201: OF_PROGRAM },
  createEvaluations: { 202: OF_EVALUATION },
  createOptimizations: { 202: OF_OPTIMIZATION },
  createMetrics: { 201: OF_METRIC },
  createModels: { 201: ofResource('Models', 'Model') },
  createDatasets: { 201: OF_DATASET },
  executeProgramExecutions: { 200: OF_EXECUTION, 202: OF_EXECUTION },
  createProgramBatches: { 202: OF_BATCH },
  replayDeadLetters: { 202: OF_EXECUTION },
  rerunExecutionRepeats: { 200: OF_EXECUTION, 202: OF_EXECUTION },
  replayExecutionRepeats: { 200: OF_EXECUTION, 202: OF_EXECUTION },
  cancelExecutions: { 200: OF_EXECUTION },
  cancelBatches: { 202: OF_BATCH },
  listSignatures: { 200: [['readFirst', 'getSignatures', FIRST_BY_NAME]] },
  listPrograms: { 200: [['readFirst', 'getPrograms', FIRST_BY_NAME]] },
  listModels: { 200: [['readFirst', 'getModels', FIRST_BY_NAME]] },
  listDatasets: { 200: [['readFirst', 'getDatasets', FIRST_BY_NAME]] },
  listExecutions: { 200: [['readFirst', 'getExecutions', FIRST_BY_ID]] },
  listBatches: { 200: [['readFirst', 'getBatches', FIRST_BY_ID]] },
  listDeadLetters: {
    200: [
      ['readFirst', 'getDeadLetters', FIRST_BY_ID],
      ['replayFirst', 'replayDeadLetters', FIRST_BY_ID],
    ],
  },
  listOpenAiModels: { 200: [['readFirst', 'getOpenAiModels', { id: '$response.body#/data/0/id' }]] },
};

/** What can be done next with an execution that was answered. */
export const EXECUTION_LINKS = Object.fromEntries(OF_EXECUTION.map(toLink));

/** Adds to the responses what can be done next with what they carry. */
export function addLinks({ paths }: OpenAPIObject): void {
  for (const operation of Object.values(paths).flatMap(({ get, post }) => [get ?? [], post ?? []].flat())) {
    for (const [status, links] of Object.entries(LINKS[operation.operationId ?? ''] ?? {})) {
      Object.assign(operation.responses[status]!, { links: Object.fromEntries(links.map(toLink)) });
    }
  }
}

function toLink([name, operationId, parameters]: Link): [string, object] {
  return [name, { operationId, parameters }];
}
