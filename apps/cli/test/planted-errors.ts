/** A project with one mistake in each of three languages, and with definitions that are right. */
export const PLANTED_FILES: Readonly<Record<string, string>> = {
  'src/mood.ts': `import { signature } from '@dspy-nest/signature';

export const mood = signature('message: string -> mood: enum["happy", "angry"]');
export const reply = signature('message: sting -> reply: string');
`,
  'prompts/triage.py': `import dspy


class Triage(dspy.Signature):
    """Choose the team that answers."""

    ticket: str = dspy.InputField(desc="what the customer wrote")
    team: list[optinal[str]] = dspy.OutputField()


summarize = dspy.Predict("text: str -> summary: str")
`,
  'programs/qa.json': `{
  "name": "qa",
  "signature": "question: string, question: string -> answer: string"
}
`,
};

/** What a check of that folder says. */
export const PLANTED_REPORT = `programs/qa.json:3:35: duplicate_name: The field name "question" is used twice.
    "signature": "question: string, question: string -> answer: string"
                                    ^^^^^^^^
  Inputs and outputs share one set of names: choose another.

prompts/triage.py:8:16: unknown_type: Unknown type "optinal" of field "team".
      team: list[optinal[str]] = dspy.OutputField()
                 ^^^^^^^
  Did you mean "optional"?

src/mood.ts:4:42: unknown_type: Unknown type "sting" of field "message".
  export const reply = signature('message: sting -> reply: string');
                                           ^^^^^
  Did you mean "string"?

5 definitions in 3 files: 3 errors.
`;
