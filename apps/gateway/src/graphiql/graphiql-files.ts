import type { Tab } from './seeded-tabs';

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly body: string;
}

const SCRIPT = 'text/javascript; charset=utf-8';

export const PAGE: PageFile = {
  type: 'text/html; charset=utf-8',
  body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>DSPy-Nest GraphiQL</title>
    <link rel="stylesheet" href="/graphiql/app.css" />
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script src="/graphiql/workers.js"></script>
    <script src="/graphiql/app.js"></script>
    <script src="/graphiql/start.js"></script>
  </body>
</html>
`,
};

/** Tells the editor where its workers are. */
const WORKERS = `self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_, label) => '/graphiql/' + ({ json: 'json', graphql: 'graphql' }[label] ?? 'editor') + '.worker.js',
};
`;

/** The files of the page that never change. */
export const FIXED_FILES = [
  'app.js',
  'app.css',
  'workers.js',
  'editor.worker.js',
  'json.worker.js',
  'graphql.worker.js',
] as const;
/** The file that is made for its reader. */
export const START_FILE = 'start.js';

/** Loads the files that never change; only with the first reader, since they are large. */
export async function graphiqlFiles(): Promise<Readonly<Record<(typeof FIXED_FILES)[number], PageFile>>> {
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
  return {
    'app.js': { type: SCRIPT, body: graphiql.js },
    'app.css': { type: 'text/css; charset=utf-8', body: graphiql.css },
    'workers.js': { type: SCRIPT, body: WORKERS },
    'editor.worker.js': { type: SCRIPT, body: graphiql.editorWorkerService },
    'json.worker.js': { type: SCRIPT, body: graphiql.jsonWorker },
    'graphql.worker.js': { type: SCRIPT, body: graphiql.graphqlWorker },
  };
}

/** Opens the page with these tabs, unless the reader has some from before. */
export function startScript(tabs: readonly Tab[]): PageFile {
  const options = {
    endpoint: '/graphql',
    title: 'DSPy-Nest GraphiQL',
    subscriptionsProtocol: 'WS',
    defaultTabs: tabs,
    inputValueDeprecation: true,
  };
  const body = `YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${JSON.stringify(options)});\n`;
  return { type: SCRIPT, body };
}
