import { executedOutputs, type Field, type SignatureSpec } from '@dspy-nest/signature';
import { CommandError, exitCodes } from '../../command.errors';
import { readAll, type Server } from '../../server/server';

/** What the types of a program are made of. */
export interface PulledProgram {
  readonly name: string;
  readonly description: string | null;
  readonly inputs: readonly Field[];
  /** Those that an execution answers with. */
  readonly outputs: readonly Field[];
}

interface ProgramAnswer {
  readonly name: string;
  readonly description: string | null;
  readonly module: string;
  readonly signature: string;
  readonly signatureVersion: number;
}

type SignatureAnswer = Pick<SignatureSpec, 'name' | 'version' | 'inputs' | 'outputs'>;

/** Reads all programs of a server, each with the version of its signature that it uses. */
export async function pullPrograms(server: Server): Promise<PulledProgram[]> {
  const programs = await readAll<ProgramAnswer>(server, 'v1/programs', { sort: 'name' });
  const newest = await readAll<SignatureAnswer>(server, 'v1/signatures', { sort: 'name' });
  const known = new Map(newest.map((signature) => [keyOf(signature.name, signature.version), signature]));
  const pulled: PulledProgram[] = [];
  for (const program of programs) {
    const signature =
      known.get(keyOf(program.signature, program.signatureVersion)) ?? (await readVersion(server, program));
    pulled.push(toPulledProgram(program, signature));
  }
  return pulled.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const keyOf = (name: string, version: number): string => `${name}/${version}`;

// One older than the newest, which few programs use.
async function readVersion(server: Server, { signature, signatureVersion }: ProgramAnswer): Promise<SignatureAnswer> {
  const query = { 'filter[version][eq]': String(signatureVersion) };
  const [version] = await readAll<SignatureAnswer>(server, `v1/signatures/${signature}/versions`, query);
  if (version !== undefined) return version;
  throw new CommandError(exitCodes.failed, `${server.url.href} has no version ${signatureVersion} of ${signature} any more: ask again.`); // prettier-ignore
}

function toPulledProgram(
  { name, description, module }: ProgramAnswer,
  { inputs, outputs }: SignatureAnswer,
): PulledProgram {
  return { name, description, inputs, outputs: executedOutputs({ outputs }, module) };
}
