import {
  BATCH_STATUSES,
  EVALUATION_STATUSES,
  EXECUTION_EVENT_TYPES,
  OPTIMIZATION_STATUSES,
  type ExecutionEventV1,
} from '@dspy-nest/contracts';
import { JsonScalar } from '@dspy-nest/graphql';
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  type GraphQLFieldConfig,
} from 'graphql';
import type { BatchEvent as BatchEventValue } from '../batch-events/batch-event';
import type { EvaluationEvent as EvaluationEventValue } from '../evaluation-events/evaluation-event';
import { EVENT_FILTER_FIELDS, type EventFilter } from '../events/event-filter';
import type { FeedEvent } from '../events/feed-event';
import type { OptimizationEvent as OptimizationEventValue } from '../optimization-events/optimization-event';
import { readSequence } from '../streams/resume-point';
import type { SubscriptionContext, SubscriptionSources } from './subscription-sources';

const ExecutionEventType = new GraphQLEnumType({
  name: 'ExecutionEventType',
  values: Object.fromEntries(EXECUTION_EVENT_TYPES.map((value) => [value.toUpperCase(), { value }])),
});

const ExecutionEventError = new GraphQLObjectType({
  name: 'ExecutionEventError',
  fields: {
    code: { type: new GraphQLNonNull(GraphQLString) },
    message: { type: new GraphQLNonNull(GraphQLString) },
    retryable: { type: new GraphQLNonNull(GraphQLBoolean) },
    details: { type: new GraphQLNonNull(JsonScalar) },
  },
});

const ExecutionEvent = new GraphQLObjectType<ExecutionEventV1>({
  name: 'ExecutionEvent',
  description: 'One step of an execution. The numbers go up by one and are the same at every gateway.',
  fields: {
    sequence: { type: new GraphQLNonNull(GraphQLInt), description: 'Give it as `after` to go on from here.' },
    type: { type: new GraphQLNonNull(ExecutionEventType) },
    attempt: { type: GraphQLInt, description: 'Of STARTED and RESTARTED.' },
    field: { type: GraphQLString, description: 'Of TOKEN and PARTIAL.' },
    delta: { type: GraphQLString, description: 'Of TOKEN: text that goes on the text of the field.' },
    pointer: { type: GraphQLString, description: 'Of PARTIAL: where in the field the value is, as a JSON pointer.' },
    value: { type: JsonScalar, description: 'Of PARTIAL: a value that is complete.' },
    message: { type: GraphQLString, description: 'Of STATUS.' },
    outputs: { type: JsonScalar, description: 'Of OUTPUTS.' },
    error: { type: ExecutionEventError, description: 'Of an end that is no success.' },
    execution: { type: JsonScalar, description: 'Of an end: the execution as REST gives it, without its inputs.' },
  },
});

const BatchStatus = new GraphQLEnumType({
  name: 'BatchStatus',
  values: Object.fromEntries(BATCH_STATUSES.map((value) => [value.toUpperCase(), { value }])),
});

const BatchEvent = new GraphQLObjectType<BatchEventValue>({
  name: 'BatchEvent',
  description: 'How a batch stands after something happened to it. The numbers go up, with gaps.',
  fields: {
    sequence: { type: new GraphQLNonNull(GraphQLInt), description: 'Give it as `after` to go on from here.' },
    status: { type: new GraphQLNonNull(BatchStatus), resolve: ({ batch }) => batch.status },
    fraction: {
      type: new GraphQLNonNull(GraphQLFloat),
      description: 'Rows that have ended, of all: from 0 to 1.',
      resolve: ({ batch }) => batch.progress.fraction,
    },
    rowsPerS: { type: GraphQLFloat, resolve: ({ batch }) => batch.progress.rowsPerS },
    etaAt: {
      type: GraphQLString,
      description: 'When it will end if it goes on like this.',
      resolve: ({ batch }) => batch.progress.etaAt,
    },
    batch: { type: new GraphQLNonNull(JsonScalar), description: 'The batch as REST gives it.' },
  },
});

const EvaluationStatus = new GraphQLEnumType({
  name: 'EvaluationStatus',
  values: Object.fromEntries(EVALUATION_STATUSES.map((value) => [value.toUpperCase(), { value }])),
});

const EvaluationEvent = new GraphQLObjectType<EvaluationEventValue>({
  name: 'EvaluationEvent',
  description: 'How an evaluation stands after something happened to it. The numbers go up, with gaps.',
  fields: {
    sequence: { type: new GraphQLNonNull(GraphQLInt), description: 'Give it as `after` to go on from here.' },
    status: { type: new GraphQLNonNull(EvaluationStatus), resolve: ({ evaluation }) => evaluation.status },
    fraction: {
      type: new GraphQLNonNull(GraphQLFloat),
      description: 'How far it is, from 0 to 1.',
      resolve: ({ evaluation }) => evaluation.progress.fraction,
    },
    examplesPerS: { type: GraphQLFloat, resolve: ({ evaluation }) => evaluation.progress.examplesPerS },
    etaAt: {
      type: GraphQLString,
      description: 'When it will end if it goes on like this.',
      resolve: ({ evaluation }) => evaluation.progress.etaAt,
    },
    score: {
      type: GraphQLFloat,
      description: 'Once it has ended.',
      resolve: ({ evaluation }) => evaluation.summary?.score ?? null,
    },
    evaluation: { type: new GraphQLNonNull(JsonScalar), description: 'The evaluation as REST gives it.' },
  },
});

const OptimizationStatus = new GraphQLEnumType({
  name: 'OptimizationStatus',
  values: Object.fromEntries(OPTIMIZATION_STATUSES.map((value) => [value.toUpperCase(), { value }])),
});

const OptimizationEvent = new GraphQLObjectType<OptimizationEventValue>({
  name: 'OptimizationEvent',
  description: 'How an optimisation stands after something happened to it. The numbers go up, with gaps.',
  fields: {
    sequence: { type: new GraphQLNonNull(GraphQLInt), description: 'Give it as `after` to go on from here.' },
    status: { type: new GraphQLNonNull(OptimizationStatus), resolve: ({ optimization }) => optimization.status },
    trials: {
      type: new GraphQLNonNull(GraphQLInt),
      description: 'Candidates that were scored in this attempt.',
      resolve: ({ optimization }) => optimization.progress.trials,
    },
    planned: {
      type: GraphQLInt,
      description: 'Trials that it will make in all, where that is known.',
      resolve: ({ optimization }) => optimization.progress.planned,
    },
    etaAt: {
      type: GraphQLString,
      description: 'When the last trial will end if it goes on like this.',
      resolve: ({ optimization }) => optimization.progress.etaAt,
    },
    bestScore: {
      type: GraphQLFloat,
      description: 'On validation, of the best until now.',
      resolve: ({ optimization }) => optimization.best?.score ?? null,
    },
    conclusion: {
      type: GraphQLString,
      description: 'What is shown of the candidate, once it has ended.',
      resolve: ({ optimization }) => optimization.conclusion,
    },
    optimization: { type: new GraphQLNonNull(JsonScalar), description: 'The optimisation as REST gives it.' },
  },
});

const Event = new GraphQLObjectType<FeedEvent>({
  name: 'Event',
  description: 'A public event (CloudEvent); one of type `reset` says that events before it are gone.',
  fields: {
    sequence: {
      type: new GraphQLNonNull(GraphQLFloat),
      description: 'An integer; give it as `after` to go on from here.',
    },
    type: { type: new GraphQLNonNull(GraphQLString) },
    id: { type: GraphQLID, resolve: (event) => ('event' in event ? event.event.id : null) },
    source: { type: GraphQLString, resolve: (event) => ('event' in event ? event.event.source : null) },
    subject: { type: GraphQLString, resolve: (event) => ('event' in event ? event.event.subject : null) },
    time: { type: GraphQLString, resolve: (event) => ('event' in event ? event.event.time : null) },
    data: { type: JsonScalar, resolve: (event) => ('event' in event ? event.event.data : event.reset) },
  },
});

const EventMatch = new GraphQLInputObjectType({
  name: 'EventMatch',
  fields: { eq: { type: GraphQLString }, in: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) } },
});

const EventFilterInput = new GraphQLInputObjectType({
  name: 'EventFilter',
  fields: Object.fromEntries(EVENT_FILTER_FIELDS.map((field) => [field, { type: EventMatch }])),
});

type FilterInput = Record<string, { eq?: string | null; in?: readonly string[] | null } | null>;
type Field<Arguments> = GraphQLFieldConfig<unknown, SubscriptionContext, Arguments>;

/** The schema of the sockets. It stays as it is while programs come and go in the graph, so that no swap ends a subscription. */
export function subscriptionSchema(sources: Pick<SubscriptionSources, keyof SubscriptionSources>): GraphQLSchema {
  const executionEvents: Field<{ id: string; after: number }> = {
    type: new GraphQLNonNull(ExecutionEvent),
    description: 'What happens to an execution, from after an event to its end.',
    args: {
      id: { type: new GraphQLNonNull(GraphQLID) },
      after: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 0 },
    },
    subscribe: (_, { id, after }, context) => sources.executionEvents(context, id, sequence(after)),
    resolve: (event) => event,
  };
  const batchEvents: Field<{ id: string; after: number }> = {
    type: new GraphQLNonNull(BatchEvent),
    description: 'How a batch stands now, and after more of its rows have ended, at most once a second, to its end.',
    args: {
      id: { type: new GraphQLNonNull(GraphQLID) },
      after: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 0 },
    },
    subscribe: (_, { id, after }, context) => sources.batchEvents(context, id, sequence(after)),
    resolve: (event) => event,
  };
  const evaluationEvents: Field<{ id: string; after: number }> = {
    type: new GraphQLNonNull(EvaluationEvent),
    description: 'How an evaluation stands now, and after each step of it, to its end.',
    args: {
      id: { type: new GraphQLNonNull(GraphQLID) },
      after: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 0 },
    },
    subscribe: (_, { id, after }, context) => sources.evaluationEvents(context, id, sequence(after)),
    resolve: (event) => event,
  };
  const optimizationEvents: Field<{ id: string; after: number }> = {
    type: new GraphQLNonNull(OptimizationEvent),
    description: 'How an optimisation stands now, and after each trial and step of it, to its end.',
    args: {
      id: { type: new GraphQLNonNull(GraphQLID) },
      after: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 0 },
    },
    subscribe: (_, { id, after }, context) => sources.optimizationEvents(context, id, sequence(after)),
    resolve: (event) => event,
  };
  const events: Field<{ after?: number | null; filter?: FilterInput | null }> = {
    type: new GraphQLNonNull(Event),
    description: 'The public events in the order they were stored, from after a number, or from now on.',
    args: { after: { type: GraphQLFloat }, filter: { type: EventFilterInput } },
    subscribe: (_, { after, filter }, context) =>
      sources.events(context, typeof after === 'number' ? sequence(after) : undefined, toFilter(filter ?? {})),
    resolve: (event) => event,
  };
  // GraphQL knows no schema without queries.
  const query = new GraphQLObjectType({ name: 'Query', fields: { subscriptions: { type: GraphQLString } } });
  return new GraphQLSchema({
    query,
    subscription: new GraphQLObjectType({
      name: 'Subscription',
      fields: { executionEvents, batchEvents, evaluationEvents, optimizationEvents, events },
    }),
  });
}

const sequence = (after: number): number => readSequence('after', String(after));

function toFilter(input: FilterInput): EventFilter {
  const wanted = Object.entries(input).map(([field, match]) => [field, match?.in ?? match?.eq ?? undefined] as const);
  return Object.fromEntries(
    wanted.flatMap(([field, values]) => (values === undefined ? [] : [[field, [values].flat()]])),
  );
}
