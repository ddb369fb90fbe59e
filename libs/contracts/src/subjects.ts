/** Every NATS subject, stream and durable of the platform. Nothing else in the code base spells a subject. */

/** One token of a subject: no dot, no wildcard, no white space. */
const TOKEN = /^[A-Za-z0-9_-]+$/;

/** Where a public event or request names its tenant. */
const TENANT_TOKEN = 2;

function token(value: string): string {
  if (!TOKEN.test(value)) {
    throw new RangeError(`"${value}" is no subject token: use letters, digits, "-" and "_" only.`);
  }
  return value;
}

/** Requests (core NATS, one reply), keyed by what they ask for. */
export const REQUESTS = {
  signatureCreate: 'dspy.cmd.registry.signature.create.v1',
  signatureUpdate: 'dspy.cmd.registry.signature.update.v1',
  signatureDelete: 'dspy.cmd.registry.signature.delete.v1',
  signatureGet: 'dspy.qry.registry.signature.get.v1',
  signatureList: 'dspy.qry.registry.signature.list.v1',
  signatureVersions: 'dspy.qry.registry.signature.versions.v1',
  signatureDiff: 'dspy.qry.registry.signature.diff.v1',
  programCreate: 'dspy.cmd.registry.program.create.v1',
  programUpdate: 'dspy.cmd.registry.program.update.v1',
  programDelete: 'dspy.cmd.registry.program.delete.v1',
  programPublish: 'dspy.cmd.registry.program.publish.v1',
  programCandidateAdd: 'dspy.cmd.registry.program-candidate.add.v1',
  programGet: 'dspy.qry.registry.program.get.v1',
  programList: 'dspy.qry.registry.program.list.v1',
  programVersions: 'dspy.qry.registry.program.versions.v1',
  programResolve: 'dspy.qry.registry.program.resolve.v1',
  programInterfaces: 'dspy.qry.registry.program.interfaces.v1',
  programVersionGet: 'dspy.qry.registry.program-version.get.v1',
  programStateImport: 'dspy.cmd.registry.program-state.import.v1',
  programStateGet: 'dspy.qry.registry.program-state.get.v1',
  modelCreate: 'dspy.cmd.registry.model.create.v1',
  modelUpdate: 'dspy.cmd.registry.model.update.v1',
  modelDelete: 'dspy.cmd.registry.model.delete.v1',
  modelGet: 'dspy.qry.registry.model.get.v1',
  modelList: 'dspy.qry.registry.model.list.v1',
  modelConnect: 'dspy.qry.registry.model.connect.v1',
  datasetCreate: 'dspy.cmd.registry.dataset.create.v1',
  datasetDelete: 'dspy.cmd.registry.dataset.delete.v1',
  datasetAppend: 'dspy.cmd.registry.dataset.append.v1',
  datasetImportCreate: 'dspy.cmd.registry.dataset-import.create.v1',
  datasetImportAppend: 'dspy.cmd.registry.dataset-import.append.v1',
  datasetImportClose: 'dspy.cmd.registry.dataset-import.close.v1',
  datasetImportAbort: 'dspy.cmd.registry.dataset-import.abort.v1',
  datasetDiff: 'dspy.qry.registry.dataset.diff.v1',
  datasetLeakage: 'dspy.qry.registry.dataset.leakage.v1',
  datasetPreview: 'dspy.qry.registry.dataset.preview.v1',
  datasetGet: 'dspy.qry.registry.dataset.get.v1',
  datasetList: 'dspy.qry.registry.dataset.list.v1',
  datasetVersions: 'dspy.qry.registry.dataset.versions.v1',
  datasetExamples: 'dspy.qry.registry.dataset.examples.v1',
  executionCreate: 'dspy.cmd.execution.execution.create.v1',
  executionCancel: 'dspy.cmd.execution.execution.cancel.v1',
  executionComplete: 'dspy.cmd.execution.execution.complete.v1',
  executionGet: 'dspy.qry.execution.execution.get.v1',
  executionList: 'dspy.qry.execution.execution.list.v1',
  executionCalls: 'dspy.qry.execution.execution.calls.v1',
  executionRerun: 'dspy.cmd.execution.execution.rerun.v1',
  executionReplay: 'dspy.cmd.execution.execution.replay.v1',
  executionRecording: 'dspy.qry.execution.execution.recording.v1',
  executionInputs: 'dspy.qry.execution.execution.inputs.v1',
  executionStats: 'dspy.qry.execution.execution.stats.v1',
  feedbackCreate: 'dspy.cmd.execution.feedback.create.v1',
  feedbackList: 'dspy.qry.execution.feedback.list.v1',
  feedbackCorrections: 'dspy.qry.execution.feedback.corrections.v1',
  batchCreate: 'dspy.cmd.execution.batch.create.v1',
  batchAppend: 'dspy.cmd.execution.batch.append.v1',
  batchClose: 'dspy.cmd.execution.batch.close.v1',
  batchAbort: 'dspy.cmd.execution.batch.abort.v1',
  batchCancel: 'dspy.cmd.execution.batch.cancel.v1',
  batchGet: 'dspy.qry.execution.batch.get.v1',
  batchList: 'dspy.qry.execution.batch.list.v1',
  batchResults: 'dspy.qry.execution.batch.results.v1',
  deadLetterGet: 'dspy.qry.execution.dead-letter.get.v1',
  deadLetterList: 'dspy.qry.execution.dead-letter.list.v1',
  deadLetterReplay: 'dspy.cmd.execution.dead-letter.replay.v1',
  jobUnreadable: 'dspy.cmd.execution.job.unreadable.v1',
  metricCreate: 'dspy.cmd.optimization.metric.create.v1',
  metricUpdate: 'dspy.cmd.optimization.metric.update.v1',
  metricGet: 'dspy.qry.optimization.metric.get.v1',
  metricList: 'dspy.qry.optimization.metric.list.v1',
  metricVersions: 'dspy.qry.optimization.metric.versions.v1',
  evaluationCreate: 'dspy.cmd.optimization.evaluation.create.v1',
  evaluationCancel: 'dspy.cmd.optimization.evaluation.cancel.v1',
  evaluationGet: 'dspy.qry.optimization.evaluation.get.v1',
  evaluationList: 'dspy.qry.optimization.evaluation.list.v1',
  evaluationResults: 'dspy.qry.optimization.evaluation.results.v1',
  evaluationCompare: 'dspy.qry.optimization.evaluation.compare.v1',
  workerList: 'dspy.qry.execution.worker.list.v1',
  optimizationCreate: 'dspy.cmd.optimization.optimization.create.v1',
  optimizationStop: 'dspy.cmd.optimization.optimization.stop.v1',
  optimizationCancel: 'dspy.cmd.optimization.optimization.cancel.v1',
  optimizationGet: 'dspy.qry.optimization.optimization.get.v1',
  optimizationList: 'dspy.qry.optimization.optimization.list.v1',
  optimizationTrials: 'dspy.qry.optimization.optimization.trials.v1',
  optimizationLog: 'dspy.qry.optimization.optimization.log.v1',
  optimizationDiff: 'dspy.qry.optimization.optimization.diff.v1',
  optimizationPublish: 'dspy.cmd.optimization.optimization.publish.v1',
  optimizationTaskGet: 'dspy.qry.optimization.optimization-task.get.v1',
  optimizationProgress: 'dspy.cmd.optimization.optimization.progress.v1',
  optimizationComplete: 'dspy.cmd.optimization.optimization.complete.v1',
} as const;

/** Requests that other teams may send, for every tenant: the tenant is part of the subject, by which NATS grants it. */
export const PUBLIC_REQUESTS = { programExecute: 'dspy.req.*.execution.program.execute.v1' } as const;

/** Core NATS messages that are neither stored nor answered. */
export const SIGNALS = {
  workerHeartbeat: 'dspy.stream.worker.worker.heartbeat.v1',
  executionStarted: 'dspy.stream.worker.execution.started.v1',
  executionAccepted: 'dspy.stream.execution.execution.accepted.v1',
  executionBegun: 'dspy.stream.execution.execution.begun.v1',
  executionEnded: 'dspy.stream.execution.execution.ended.v1',
  executionCancel: 'dspy.cmd.worker.execution.cancel.v1',
  executionAbandoned: 'dspy.stream.gateway.execution.abandoned.v1',
  optimizationOrdered: 'dspy.cmd.worker.optimization.ordered.v1',
  graphqlAbandoned: 'dspy.stream.gateway.graphql.abandoned.v1',
} as const;

/** JetStream streams. */
export const STREAMS = {
  jobs: 'DSPY_JOBS',
  optimizations: 'DSPY_OPTIMIZATIONS',
  events: 'DSPY_EVENTS',
  payloads: 'DSPY_PAYLOADS',
  tokens: 'DSPY_TOKENS',
} as const;

/** All subjects captured by {@link STREAMS}. */
export const STREAM_SUBJECTS = {
  jobs: 'dspy.job.execution.>',
  optimizations: 'dspy.job.optimization.>',
  events: 'dspy.evt.>',
  payloads: 'dspy.payload.>',
  tokens: 'dspy.token.>',
} as const;

/** What is stored in the stream of tokens is sent again as told here: only what was stored, and with its number. */
export const STORED_TOKENS = { src: STREAM_SUBJECTS.tokens, dest: 'dspy.stored-token.>' } as const;

/** Where an outcome goes: to the very replica that holds the caller. */
export const completeAtReplica = (replicaId: string): string =>
  `dspy.cmd.execution.execution-${token(replicaId)}.complete.v1`;

/** The subgraph (SDL and address) of a service. */
export const subgraphOf = (service: string): string => `dspy.qry.${token(service)}.subgraph.get.v1`;

/** GraphQL operations on the subgraph of a service. */
export const graphqlOf = (service: string): string => `dspy.cmd.${token(service)}.graphql.execute.v1`;

/** The health of a service. */
export const healthOf = (service: string): string => `dspy.qry.${token(service)}.health.get.v1`;

/** The metrics of a service: every replica answers for itself. */
export const metricsOf = (service: string): string => `dspy.qry.${token(service)}.metrics.get.v1`;

/** The job of one execution in the work queue of a pool and lane. */
export const jobSubject = (pool: string, lane: string, executionId: string): string =>
  `dspy.job.execution.${token(pool)}-${token(lane)}.run.v1.${token(executionId)}`;

/** The jobs of all executions in one pool and lane. */
export const jobFilter = (pool: string, lane: string): string =>
  `dspy.job.execution.${token(pool)}-${token(lane)}.run.v1.*`;

/** The durable consumer that the workers of one pool and lane share. */
export const workerDurable = (pool: string, lane: string): string => `worker-${token(pool)}-${token(lane)}`;

/** The job of one optimisation in the work queue of a pool. */
export const optimizationJobSubject = (pool: string, optimizationId: string): string =>
  `dspy.job.optimization.${token(pool)}.run.v1.${token(optimizationId)}`;

/** The jobs of all optimisations in one pool. */
export const optimizationJobFilter = (pool: string): string => `dspy.job.optimization.${token(pool)}.run.v1.*`;

/** The durable consumer that the workers of one pool share for optimisations. */
export const optimizationDurable = (pool: string): string => `worker-${token(pool)}-optimizations`;

/** A public event: `dspy.evt.<tenant>.<service>.<entity>.<verb>.v1`. */
export const eventSubject = (tenant: string, service: string, entity: string, verb: string): string =>
  `dspy.evt.${token(tenant)}.${token(service)}.${token(entity)}.${token(verb)}.v1`;

/** What a worker tells of an execution while it runs, in the order of its numbers. */
export const tokenSubject = (tenant: string, executionId: string): string =>
  `dspy.token.${token(tenant)}.${token(executionId)}`;

/** Where NATS sends again, without storing it, what it has stored under the {@link tokenSubject} of an execution. */
export const storedTokenSubject = (tenant: string, executionId: string): string =>
  `dspy.stored-token.${token(tenant)}.${token(executionId)}`;

/** One chunk, from 0, of what is left in the payload store under an id. */
export const payloadChunk = (id: string, digest: string, chunk: string): string =>
  `dspy.payload.${token(id)}.${token(digest)}.${token(chunk)}`;

/** All that is left in the payload store under an id. */
export const payloadChunks = (id: string): string => `dspy.payload.${token(id)}.>`;

/** All public events of one tenant. */
export const tenantEvents = (tenant: string): string => `dspy.evt.${token(tenant)}.>`;

/** All events of one service's entity, for every tenant. */
export const eventFilter = (service: string, entity: string): string =>
  `dspy.evt.*.${token(service)}.${token(entity)}.*.v1`;

/** One kind of event, for every tenant. */
export const eventOfEveryTenant = (service: string, entity: string, verb: string): string =>
  `dspy.evt.*.${token(service)}.${token(entity)}.${token(verb)}.v1`;

/** A public request of one tenant. */
export const publicRequest = (request: keyof typeof PUBLIC_REQUESTS, tenant: string): string =>
  PUBLIC_REQUESTS[request].replace('*', token(tenant));

/** The tenant that a public event or request names. */
export const tenantOf = (subject: string): string | undefined => subject.split('.')[TENANT_TOKEN];
