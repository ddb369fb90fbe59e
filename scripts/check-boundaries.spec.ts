import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findViolations, type BoundaryReport } from './boundaries';

const root = join(__dirname, '..');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

/** One planted file for each rule, named after what is wrong in it. */
const PLANTED: Record<string, { file: string; text: string }> = {
  'no-circular': { file: 'libs/platform/src/circle-back.ts', text: "import './circle';" },
  'no-orphans': { file: 'apps/registry/src/forgotten.ts', text: 'export const forgotten = 1;' },
  'no-unresolvable': { file: 'libs/platform/src/lost.ts', text: "import './nowhere';" },
  'no-app-to-app': { file: 'apps/gateway/src/peek.ts', text: "import '../../registry/src/door.service';" },
  'no-lib-to-app': { file: 'libs/platform/src/upward.ts', text: "import '../../../apps/registry/src/door.service';" },
  'signature-is-pure': { file: 'libs/signature/src/impure.ts', text: "import 'node:fs';" },
  'statistics-is-pure': { file: 'libs/statistics/src/impure.ts', text: "import 'node:fs';" },
  'metrics-are-pure': { file: 'libs/metrics/src/impure.ts', text: "import 'node:fs';" },
  'cli-stands-outside': { file: 'apps/cli/src/inside.ts', text: "import '@dspy-nest/contracts';" },
  'client-stands-outside': { file: 'libs/client/src/impure.ts', text: "import 'node:fs';" },
  'nest-module-knows-nest': {
    file: 'libs/client/src/nest.ts',
    text: "import '@nestjs/common';\nimport '@nestjs/core';",
  },
  'class-form-knows-decorators': { file: 'libs/signature/src/class-form/nesting.ts', text: "import '@nestjs/common';" },
  'lib-order-contracts': { file: 'libs/contracts/src/above.ts', text: "import '@dspy-nest/platform';" },
  'lib-order-platform': { file: 'libs/platform/src/above.ts', text: "import '@dspy-nest/messaging';" },
  'lib-order-messaging-persistence': { file: 'libs/messaging/src/beside.ts', text: "import '@dspy-nest/persistence';" },
  'lib-order-graphql': { file: 'libs/graphql/src/leaning.ts', text: "import '@dspy-nest/persistence';" },
  'lib-order-programs': { file: 'libs/programs/src/leaning.ts', text: "import '@dspy-nest/persistence';" },
  'embedded-stands-alone': { file: 'libs/embedded/src/leaning.ts', text: "import '@dspy-nest/platform';" },
  'testing-knows-contracts-only': { file: 'libs/testing/src/heavy.ts', text: "import '@dspy-nest/messaging';" },
  'testing-only-in-tests': { file: 'apps/registry/src/scripted.ts', text: "import '@dspy-nest/testing';" },
  'no-deep-lib-import': { file: 'apps/registry/src/burglar.ts', text: "import '../../../libs/platform/src/circle';" },
  'no-typeorm-outside-data-layer': { file: 'apps/registry/src/query.ts', text: "import 'typeorm';" },
  'gateway-owns-no-data': { file: 'apps/gateway/src/greedy.service.ts', text: "import '@dspy-nest/persistence';" },
  'no-nats-outside-messaging': { file: 'apps/registry/src/wire.ts', text: "import '@nats-io/transport-node';" },
  'no-embedded-in-services': { file: 'apps/registry/src/server.ts', text: "import '@dspy-nest/embedded';" },
  'doors-above-services': { file: 'apps/registry/src/door.service.ts', text: "import './door.controller';" },
  'services-above-repositories': { file: 'apps/registry/src/low.repository.ts', text: "import './door.service';" },
  'pure-files-are-pure': { file: 'apps/registry/src/loud.errors.ts', text: "import './door.service';" },
  'not-to-dev-dep': { file: 'apps/registry/src/fast.ts', text: "import 'fast-check';" },
};

/** What the planted files need, and imports that no rule may find fault with. */
const SOUND: Record<string, string> = {
  'libs/platform/src/circle.ts': "import './circle-back';",
  'libs/signature/src/index.ts': "export * from './cursor';",
  'libs/signature/src/cursor.ts': 'export const cursor = 0;',
  'libs/signature/src/class.ts': "import './class-form/sound';",
  'libs/signature/src/class-form/sound.ts':
    "import '../cursor';\nimport 'class-validator';\nimport 'class-transformer';\nimport 'reflect-metadata';",
  'libs/client/src/index.ts': "import '@dspy-nest/signature';",
  'libs/contracts/src/index.ts': "import '@dspy-nest/signature';\nimport 'zod';",
  'libs/platform/src/index.ts': "import '@dspy-nest/contracts';",
  'libs/messaging/src/index.ts': "import '@dspy-nest/platform';\nimport '@nats-io/jetstream';",
  'libs/persistence/src/index.ts': "import '@dspy-nest/platform';\nimport 'typeorm';",
  'libs/embedded/src/index.ts': "import 'pg';",
  'libs/testing/src/index.ts': "import '@dspy-nest/contracts';\nimport '@nats-io/jetstream';\nimport 'pg';",
  'apps/registry/src/door.controller.ts': "import './sound.service';\nimport '@nestjs/common';",
  'apps/registry/src/sound.service.ts':
    "import './sound.repository';\nimport './sound-status';\nimport '@dspy-nest/messaging';",
  'apps/registry/src/sound.repository.ts': "import './sound.entity';\nimport '@dspy-nest/persistence';",
  'apps/registry/src/sound.entity.ts': "import 'typeorm';",
  'apps/registry/src/sound-status.ts': "import '@dspy-nest/contracts';",
  'apps/registry/src/main.ts': "import './door.controller';\nimport '@dspy-nest/signature/class';",
  'apps/registry/test/sound.int-spec.ts':
    "import '@dspy-nest/testing';\nimport 'fast-check';\nimport '@nats-io/transport-node';",
};

function plant(folder: string): void {
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const planted = Object.values(PLANTED).map(({ file, text }) => [file, text] as const);
  for (const [file, text] of [...planted, ...Object.entries(SOUND)]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
  }
}

describe('boundaries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  let report: BoundaryReport;

  beforeAll(() => {
    plant(folder);
    report = findViolations(folder, cruiser);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.entries(PLANTED))('%s is found', (rule, { file }) => {
    expect(report.violations.filter((violation) => violation.rule === rule).map(({ from }) => from)).toContain(file);
  });

  it('have a planted violation for every rule', () => {
    const { forbidden } = jest.requireActual<{ forbidden: { name: string; comment: string }[] }>(
      '../.dependency-cruiser.cjs',
    );
    expect(forbidden.map(({ name }) => name).toSorted()).toEqual(Object.keys(PLANTED).toSorted());
    forbidden.forEach(({ comment }) => expect(comment.length).toBeGreaterThan(20));
  });

  it('find no fault with sound imports', () => {
    const sound = Object.keys(SOUND).filter((file) => file !== 'libs/platform/src/circle.ts');
    expect(report.violations.filter(({ from }) => sound.includes(from))).toEqual([]);
  });

  it('see every file', () => {
    expect(report.unseen).toEqual([]);
    expect(report.seen).toBe(Object.keys(PLANTED).length + Object.keys(SOUND).length);
  });
});
