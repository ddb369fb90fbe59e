const TEST_FILES = '\\.(spec|int-spec|e2e-spec|test-d|unit-group|int-group)\\.ts$|^(apps|libs)/[^/]+/test/';
const NEST_MODULE = '^libs/client/src/nest\\.ts$';
const CLASS_FORM = '^libs/signature/src/class(\\.ts$|-form/)';
const DOORS = '\\.(controller|resolver|handler|consumer|gateway)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment:
        'Files in a circle can only be understood, moved and loaded together; move what they share into a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is dead or was forgotten in a module.',
      severity: 'error',
      from: { orphan: true, pathNot: `${TEST_FILES}|\\.d\\.ts$|/main\\.ts$` },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'What cannot be found cannot be judged by the other rules.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-app-to-app',
      comment: 'Services are deployed apart and speak by message; what two of them need belongs in libs/contracts.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-lib-to-app',
      comment: 'A library that knows an app cannot serve another.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'signature-is-pure',
      comment:
        'The signature language is published and runs in browsers: no package, no Node module, no other library.',
      severity: 'error',
      from: { path: '^libs/signature/src/', pathNot: `${TEST_FILES}|${CLASS_FORM}` },
      to: { path: `^(?!libs/signature/)|${CLASS_FORM}` },
    },
    {
      name: 'statistics-is-pure',
      comment: 'Intervals and tests are judged by numbers alone: no package, no Node module, no other library.',
      severity: 'error',
      from: { path: '^libs/statistics/src/', pathNot: TEST_FILES },
      to: { path: '^(?!libs/statistics/)' },
    },
    {
      name: 'metrics-are-pure',
      comment:
        'A metric is judged by its example alone, here as in the worker: no package, no Node module, only the signature language.',
      severity: 'error',
      from: { path: '^libs/metrics/src/', pathNot: TEST_FILES },
      to: { path: '^(?!libs/(metrics|signature)/)' },
    },
    {
      name: 'class-form-knows-decorators',
      comment:
        'The class form of signatures is for whoever has these three packages anyway; it must work without a framework.',
      severity: 'error',
      from: { path: CLASS_FORM, pathNot: TEST_FILES },
      to: { pathNot: '^libs/signature/|node_modules/(class-validator|class-transformer|reflect-metadata)/' },
    },
    {
      name: 'cli-stands-outside',
      comment: 'The command line is published and meets the platform at its public door, as any other client does.',
      severity: 'error',
      from: { path: '^apps/cli/src/', pathNot: TEST_FILES },
      to: { path: '^libs/', pathNot: '^libs/signature/' },
    },
    {
      name: 'client-stands-outside',
      comment:
        'The client is published and runs in browsers: no package, no Node module, and of the platform only the signature language.',
      severity: 'error',
      from: { path: '^libs/client/src/', pathNot: `${TEST_FILES}|${NEST_MODULE}` },
      to: { path: `^(?!libs/(client|signature)/)|${NEST_MODULE}` },
    },
    {
      name: 'nest-module-knows-nest',
      comment: 'The module of the client for Nest is for whoever has Nest anyway; it needs nothing else.',
      severity: 'error',
      from: { path: NEST_MODULE },
      to: { pathNot: '^libs/client/|node_modules/@nestjs/common/' },
    },
    {
      name: 'lib-order-contracts',
      comment:
        'signature ← contracts ← platform ← {messaging, persistence}: contracts are read by every process and language.',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^libs/', pathNot: '^libs/(contracts|signature)/' },
    },
    {
      name: 'lib-order-platform',
      comment:
        'signature ← contracts ← platform ← {messaging, persistence}: platform knows neither NATS nor a database.',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: TEST_FILES },
      to: { path: '^libs/', pathNot: '^libs/(platform|contracts|signature)/' },
    },
    {
      name: 'lib-order-messaging-persistence',
      comment: 'Messaging and persistence are neighbours: a service joins them, they do not know each other.',
      severity: 'error',
      from: { path: '^libs/(messaging|persistence)/', pathNot: TEST_FILES },
      to: { path: '^libs/', pathNot: '^libs/($1|platform|contracts|signature)/' },
    },
    {
      name: 'lib-order-graphql',
      comment: 'signature ← contracts ← platform ← messaging ← graphql: what has no subgraph does not load GraphQL.',
      severity: 'error',
      from: { path: '^libs/graphql/', pathNot: TEST_FILES },
      to: { path: '^libs/', pathNot: '^libs/(graphql|messaging|platform|contracts|signature)/' },
    },
    {
      name: 'lib-order-programs',
      comment:
        'signature ← contracts ← platform ← messaging ← programs: what services know of the registry’s programs.',
      severity: 'error',
      from: { path: '^libs/programs/', pathNot: TEST_FILES },
      to: { path: '^libs/', pathNot: '^libs/(programs|messaging|platform|contracts|signature)/' },
    },
    {
      name: 'embedded-stands-alone',
      comment: 'Whatever starts the servers must run before, and without, everything that uses them.',
      severity: 'error',
      from: { path: '^libs/embedded/', pathNot: TEST_FILES },
      to: { path: '^(libs|apps)/', pathNot: '^libs/embedded/' },
    },
    {
      name: 'testing-knows-contracts-only',
      comment:
        'Every other library is tested with it, and benchmarks run it by type stripping, which decorators forbid.',
      severity: 'error',
      from: { path: '^libs/testing/' },
      to: { path: '^libs/', pathNot: '^libs/(testing|contracts|signature)/' },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'Scripted servers and test databases have no place in production code.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `${TEST_FILES}|^libs/testing/` },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'no-deep-lib-import',
      comment:
        'A library has one door, src/index.ts; behind it it may be rearranged at will. The class form of signatures and the Nest module of the client have doors of their own, since they have dependencies.',
      severity: 'error',
      from: { path: '^(?:apps|libs)/([^/]+)/' },
      to: {
        path: '^libs/[^/]+/',
        pathNot: '^libs/$1/|^libs/[^/]+/src/index\\.ts$|^libs/signature/src/class\\.ts$|^libs/client/src/nest\\.ts$',
      },
    },
    {
      name: 'no-typeorm-outside-data-layer',
      comment:
        'Queries live in repositories, tables in entities; services own transactions, modules wire, and the journal and outbox are data layers of their own.',
      severity: 'error',
      from: {
        path: '^(apps|libs)/',
        pathNot: `${TEST_FILES}|^libs/(persistence|embedded|testing)/|\\.(repository|entity|module|service)\\.ts$|/(migrations|journal|outbox|health)/`,
      },
      to: { path: 'node_modules/(typeorm|@nestjs/typeorm|pg)/' },
    },
    {
      name: 'gateway-owns-no-data',
      comment: 'The gateway is a door: what it wants to know it asks a service.',
      severity: 'error',
      from: { path: '^apps/gateway/' },
      to: { path: '^libs/persistence/|node_modules/(typeorm|pg)/' },
    },
    {
      name: 'no-nats-outside-messaging',
      comment:
        'One library knows the client of NATS, so that one place decides on reconnects, limits and the wire form.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `${TEST_FILES}|^libs/(messaging|embedded|testing)/` },
      to: { path: 'node_modules/@nats-io/' },
    },
    {
      name: 'no-embedded-in-services',
      comment:
        'Services are given the addresses of servers; only the programs that start the local stack start servers.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `${TEST_FILES}|^libs/embedded/` },
      to: { path: '^libs/embedded/' },
    },
    {
      name: 'doors-above-services',
      comment:
        'module → handler, resolver, controller, consumer → service → repository; decisions never know who asks.',
      severity: 'error',
      from: { path: '\\.(service|repository|entity)\\.ts$' },
      to: { path: `${DOORS}|\\.module\\.ts$` },
    },
    {
      name: 'services-above-repositories',
      comment: 'A repository writes what it is given; deciding is up to the service above it.',
      severity: 'error',
      from: { path: '\\.(repository|entity)\\.ts$' },
      to: { path: '\\.service\\.ts$' },
    },
    {
      name: 'pure-files-are-pure',
      comment: 'State machines and errors are read by every layer, so they know none of them and no framework.',
      severity: 'error',
      from: { path: '(-status|\\.errors)\\.ts$', pathNot: TEST_FILES },
      to: {
        path: `${DOORS}|\\.(service|repository|entity|module)\\.ts$|node_modules/(typeorm|@nestjs|@nats-io|fastify)/`,
      },
    },
    {
      name: 'not-to-dev-dep',
      comment: 'What runs in production must be installed there.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `${TEST_FILES}|^libs/testing/` },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
