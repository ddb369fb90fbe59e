import type { Scenario } from '../scenario';
import { CANCEL } from './cancel';
import { KILLS } from './kills';
import { POISON } from './poison';
import { SAME_KEY } from './same-key';
import { SERVER_FAULTS } from './servers';
import { STOP_WORKER } from './stop-worker';

/** All scenarios, in the order in which they are played. */
export const SCENARIOS: readonly Scenario[] = [...KILLS, ...SERVER_FAULTS, STOP_WORKER, POISON, SAME_KEY, CANCEL];
