import { JsonScalar } from '@dspy-nest/graphql';
import { ArgsType, Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { ProgramObject } from './program.object';

@ArgsType()
export class ProgramStateArgs {
  @Field(() => String, { description: 'The name of the program.' }) name: string;
  @Field(() => Int, { nullable: true, description: 'The newest version, unless given.' }) version?: number;
}

@InputType()
export class ImportProgramStateInput {
  @Field(() => String, { description: 'The program that learns.' }) name: string;
  @Field(() => JsonScalar, { description: "The JSON file of DSPy's `program.save`." }) state: unknown;
}

@ObjectType('StateNote', { description: 'Something that was in a state, and was not kept.' })
class StateNoteObject {
  @Field(() => String, { description: 'A JSON pointer into the state.' }) pointer: string;
  @Field(() => String) code: string;
  @Field(() => String) message: string;
}

@ObjectType('ImportedProgramState')
export class ImportedProgramStateObject {
  @Field(() => ProgramObject, { description: 'In its new version.' }) program: ProgramObject;
  @Field(() => [StateNoteObject]) notes: StateNoteObject[];
}
