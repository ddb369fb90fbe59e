import 'reflect-metadata';
import { DspyNest, type Program } from '@dspy-nest/client';
import { DspyNestModule, InjectProgram, type ProgramOf } from '@dspy-nest/client/nest';
import { REQUESTS } from '@dspy-nest/contracts';
import { Injectable, Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EXECUTION_EXAMPLE } from '../src/docs/examples';
import { GatewayUnderTest } from './gateway-under-test';

/** As `dspy-nest types pull` writes them. */
interface Programs {
  'route-ticket': { inputs: { ticket: string }; outputs: { team: 'billing' | 'shipping' } };
}

@Injectable()
class Tickets {
  constructor(
    @InjectProgram<Programs>('route-ticket') readonly route: ProgramOf<Programs, 'route-ticket'>,
    @InjectProgram('anything') readonly anything: Program<{ a: number }, { b: number }>,
    readonly nest: DspyNest,
  ) {}
}

@Module({
  imports: [DspyNestModule.forFeature<Programs>(['route-ticket']), DspyNestModule.forFeature(['anything'])],
  providers: [Tickets],
})
class TicketsModule {}

@Module({ providers: [{ provide: 'url', useFactory: () => gateway.url }], exports: ['url'] })
class SettingsModule {}

let gateway: GatewayUnderTest;
let app: INestApplicationContext | undefined;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  await gateway.services.on(REQUESTS.executionCreate, ({ message }) => ({ ...EXECUTION_EXAMPLE, id: message['id'] }));
}, 60_000);
afterEach(() => app?.close());
afterAll(() => gateway.stop());

async function start(root: DynamicModule, feature: Type | DynamicModule = TicketsModule): Promise<Tickets> {
  @Module({ imports: [root, feature] })
  class AppModule {}
  app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  return app.get(Tickets, { strict: false });
}

describe('a Nest application', () => {
  it('has programs and the client injected', async () => {
    const { route, anything, nest } = await start(DspyNestModule.forRoot({ url: gateway.url }));
    const { outputs } = await route.execute({ ticket: 'Twice!' });
    const team: 'billing' | 'shipping' = outputs.team;
    expect([team, anything.name, nest]).toEqual(['billing', 'anything', expect.any(DspyNest)]);
    expect(gateway.services.last(REQUESTS.executionCreate).message).toMatchObject({ program: 'route-ticket' });
  });

  it('may have to make the options first', async () => {
    const { route } = await start(
      DspyNestModule.forRootAsync({
        imports: [SettingsModule],
        inject: ['url'],
        useFactory: (url: string) => Promise.resolve({ url, apiKey: 'secret' }),
      }),
    );
    expect((await route.execute({ ticket: 'a' })).status).toBe('succeeded');
  });

  it('is told what is missing', async () => {
    @Module({ providers: [Tickets] })
    class ForgetfulModule {}
    const starting = start(DspyNestModule.forRoot({ url: gateway.url }), ForgetfulModule);
    await expect(starting).rejects.toThrow("DspyNestModule.forFeature(['route-ticket'])");
    await expect(start(DspyNestModule.forRoot({ url: 'localhost' }))).rejects.toThrow('Write one such as http');
  });
});
