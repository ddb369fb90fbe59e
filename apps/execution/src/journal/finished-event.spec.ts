import { CloudEvent, PUBLIC_EVENTS, publicEventType } from '@dspy-nest/contracts';
import { acceptedRow } from '../../test/accepted-row';
import { finishedByPlatform } from '../lifecycle/execution-outcome';
import { finishedEvent } from './finished-event';

it.each(['failed', 'cancelled', 'timed_out'] as const)(
  'tells of an execution that is %s as the contracts say',
  (status) => {
    const row = finishedByPlatform(acceptedRow({ tenant: 'acme' }), status, 3);
    const { subject, event } = finishedEvent(row);
    const told = CloudEvent.parse(event);
    const kind = PUBLIC_EVENTS.find((one) => publicEventType(one) === told.type)!;
    expect(kind.data.parse(told.data)).toMatchObject({ id: row.id, status, errorCode: row.error?.code });
    expect(subject).toBe(`dspy.evt.acme.${told.type}`);
    expect(told).toMatchObject({ source: 'execution', subject: row.id, tenant: 'acme', traceparent: row.traceparent });
  },
);
