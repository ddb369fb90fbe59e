import type { OpenAPIObject } from '@nestjs/swagger';

type Link = readonly [name: string, operationId: string, parameters: Record<string, string>];

const BY_NAME = { name: '$response.body#/name' };
const BY_ID = { id: '$response.body#/id' };

const ofResource = (resource: string, noun: string): Link[] => [
  [`read${noun}`, `get${resource}`, BY_NAME],
  [`change${noun}`, `update${resource}`, BY_NAME],
  [`delete${noun}`, `delete${resource}`, BY_NAME],
];
const OF_EXECUTION: Link[] = [
  ['readExecution', 'getExecutions', BY_ID],
  ['readModelCalls', 'callsExecutions', BY_ID],
  ['cancelExecution', 'cancelExecutions', BY_ID],
];
const OF_BATCH: Link[] = [
  ['readBatch', 'getBatches', BY_ID],
  ['readResults', 'resultsBatches', BY_ID],
  ['cancelBatch', 'cancelBatches', BY_ID],
];
const OF_SIGNATURE: Link[] = [
  ...ofResource('Signatures', 'Signature'),
  ['listVersions', 'versionsSignatures', BY_NAME],
  ['readJsonSchema', 'jsonSchemaSignatures', BY_NAME],
  ['compareVersions', 'diffSignatures', { ...BY_NAME, from: '$response.body#/version' }],
];
const OF_PROGRAM: Link[] = [
  ...ofResource('Programs', 'Program'),
  ['listVersions', 'versionsPrograms', BY_NAME],
  ['readSignature', 'getSignatures', { name: '$response.body#/signature' }],
];

/** By operation and status: what can be done next with what was answered. */
const LINKS: Record<string, Record<string, Link[]>> = {
  createSignatures: { 201: OF_SIGNATURE },
  createPrograms: { 201: OF_PROGRAM },
  createModels: { 201: ofResource('Models', 'Model') },
  executeProgramExecutions: { 200: OF_EXECUTION, 202: OF_EXECUTION },
  createProgramBatches: { 202: OF_BATCH },
  replayDeadLetters: { 202: OF_EXECUTION },
};

/** Adds to the responses what can be done next with what they carry. */
export function addLinks({ paths }: OpenAPIObject): void {
  for (const item of Object.values(paths)) {
    if (item.post === undefined) continue;
    for (const [status, links] of Object.entries(LINKS[item.post.operationId ?? ''] ?? {})) {
      Object.assign(item.post.responses[status]!, { links: Object.fromEntries(links.map(toLink)) });
    }
  }
}

function toLink([name, operationId, parameters]: Link): [string, object] {
  return [name, { operationId, parameters }];
}
