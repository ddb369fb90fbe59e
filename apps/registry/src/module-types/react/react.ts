import { reasoningFields } from '../chain-of-thought/chain-of-thought';
import { fieldNames, type ModuleOfProgram, type ModuleType, type SettingRefusal } from '../module-type';
import { refuseTakenNames } from '../taken-names';

const TRAJECTORY = 'trajectory';
const TURN = ['next_thought', 'next_tool_name', 'next_tool_args'];

/** What DSPy takes from the inputs for itself. */
const MAX_ITERS = 'max_iters';

/** `dspy.ReAct` with tools of the operator. */
export const react: ModuleType = {
  settings: ['tools', 'maxIters'],
  predictors: (signature) => {
    const inputs = fieldNames({ ...signature, outputs: [] });
    const asked = reasoningFields(signature).slice(inputs.length);
    return [
      { name: 'react', fields: [...inputs, TRAJECTORY, ...TURN] },
      { name: 'extract.predict', fields: [...inputs, TRAJECTORY, ...asked] },
    ];
  },
  refusals: (program) => [...refuseNoTools(program), ...refuseTakenNames(program, [TRAJECTORY, ...TURN, MAX_ITERS])],
};

function refuseNoTools({ config: { tools } }: ModuleOfProgram): SettingRefusal[] {
  if (tools !== undefined) return [];
  const message = 'ReAct needs tools: the names of those that the operator has declared.';
  const hint = 'Name them in config.tools, or choose ChainOfThought, which needs none.';
  return [{ pointer: '/config/tools', code: 'tools_missing', message, hint }];
}
