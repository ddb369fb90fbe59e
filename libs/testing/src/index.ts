export { createDatabase, type TestDatabase } from './database';
export { eventually } from './eventually';
export { executionCreate, executionRun, jobEvent, modelConnection, programVersion, signatureSpec } from './factories';
export { dspyAnswer } from './scripted-model/dspy-answer';
export type { ModelReply, ModelRequest, ReplyScript } from './scripted-model/model-reply';
export { ScriptedModelServer } from './scripted-model/scripted-model-server';
export type { JobHandler, ScriptedJob, ScriptedOutcome } from './scripted-worker/scripted-job';
export { ScriptedWorker, type ScriptedWorkerOptions, type ToldOutcome } from './scripted-worker/scripted-worker';
export { startServers, type TestServers } from './servers';
