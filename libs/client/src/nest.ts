import { Inject, Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { DspyNest, type ClientOptions, type LoosePrograms } from './dspy-nest';
import type { Program } from './program';

const OPTIONS = 'DspyNestModule.forRoot()';

/** Options that are known when the application starts: `useFactory` gives them, from what it has injected. */
export interface DspyNestAsyncOptions
  extends Pick<ModuleMetadata, 'imports'>, Pick<FactoryProvider<ClientOptions>, 'inject' | 'useFactory'> {}

/** A program among those of `dspy-nest types pull`. */
export type ProgramOf<
  Programs extends Record<Name, { inputs: unknown; outputs: unknown }>,
  Name extends keyof Programs,
> = Program<Programs[Name]['inputs'], Programs[Name]['outputs']>;

/** The client of a platform for a Nest application: `DspyNest` can be injected everywhere, a program by `@InjectProgram`. */
@Module({})
export class DspyNestModule {
  /** The client, by options that are known now; once, in the module of the application. */
  static forRoot(options: ClientOptions): DynamicModule {
    return DspyNestModule.forRootAsync({ useFactory: () => options });
  }

  /** The client, by options that the application has to make first. */
  static forRootAsync({ imports = [], inject = [], useFactory }: DspyNestAsyncOptions): DynamicModule {
    return {
      module: DspyNestModule,
      global: true,
      imports,
      providers: [
        { provide: OPTIONS, inject, useFactory },
        { provide: DspyNest, inject: [OPTIONS], useFactory: (options: ClientOptions) => new DspyNest(options) },
      ],
      exports: [DspyNest],
    };
  }

  /** The programs that a module has injected, by their names. */
  static forFeature<Programs extends object = LoosePrograms>(
    names: readonly (keyof Programs & string)[],
  ): DynamicModule {
    const providers = names.map((name) => ({
      provide: programToken(name),
      inject: [DspyNest],
      useFactory: (nest: DspyNest) => nest.program(name),
    }));
    return { module: DspyNestModule, providers, exports: providers };
  }
}

/**
 * Injects a program that the module has by {@link DspyNestModule.forFeature}: a `ProgramOf<Programs, 'qa'>`, or a
 * `Program<Inputs, Outputs>` of any signature.
 */
export function InjectProgram<Programs extends object = LoosePrograms>(
  name: keyof Programs & string,
): ParameterDecorator & PropertyDecorator {
  return Inject(programToken(name));
}

/** Nest names it where it is missing, and so says what is to be added. */
function programToken(name: string): string {
  return `DspyNestModule.forFeature(['${name}'])`;
}
