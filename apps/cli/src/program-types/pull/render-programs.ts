import type { PulledProgram } from './pulled-program';
import { propertyName, renderComment } from './render-text';
import { renderInputs, renderOutputs } from './render-type';

// No time and no address: who pulls the same programs gets the same file.
const HEADER = `// The programs of a DSPy-Nest server, written by \`dspy-nest types pull\`. Changes are lost: pull again instead.

`;

/** A module of TypeScript with the types of all programs. */
export function renderPrograms(programs: readonly PulledProgram[]): string {
  return `${HEADER}/** The inputs and outputs of each program, by its name. */\nexport interface Programs {\n${programs.map(renderProgram).join('')}}\n`;
}

function renderProgram({ name, description, inputs, outputs }: PulledProgram): string {
  const members = [
    `    inputs: ${renderInputs(inputs, '    ')};\n`,
    `    outputs: ${renderOutputs(outputs, '    ')};\n`,
  ];
  return `${renderComment(description, '  ')}  ${propertyName(name)}: {\n${members.join('')}  };\n`;
}
