import { createClient } from 'graphql-ws';
import type { FollowedEvents, GotEvent } from './followed-events';

const QUERY =
  'subscription ($program: String) { events(after: 0, filter: { program: { eq: $program } }) { sequence subject } }';

/** Opens a subscription, on a connection of its own, to what happens to a program; resolves when the first event has come. */
export async function followEvents(url: string, program: string): Promise<FollowedEvents> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const events: GotEvent[] = [];
  const followed: { ended?: string } = {};
  await new Promise<void>((resolve, reject) => {
    const end = (reason: unknown): void => {
      followed.ended ??= JSON.stringify(reason) ?? 'completed';
      reject(new Error(`A subscription ended at its begin: ${followed.ended}`));
    };
    client.subscribe<{ events: GotEvent }>(
      { query: QUERY, variables: { program } },
      {
        next: ({ data, errors }) => {
          if (data) events.push(data.events);
          else end(errors);
          resolve();
        },
        error: (reason) => end((reason as Partial<CloseEvent>).code ?? String(reason)),
        complete: () => end('completed'),
      },
    );
  });
  return {
    name: `a subscription at ${url}`,
    events,
    get ended() {
      return followed.ended;
    },
    close: () => void client.dispose(),
  };
}
