import { acceptedRow } from '../../test/accepted-row';
import { toExecution } from '../executions/execution.entity';
import { withinMessage } from './within-message';

const SMALL = { text: 'x' };
const LARGE = { text: 'x'.repeat(262_144) };

it('leaves out what is too large for a message, and says so', () => {
  const answer = (inputs: object, outputs: object) =>
    withinMessage(toExecution({ ...acceptedRow(), inputs: { ...inputs }, outputs: { ...outputs } }));
  expect(answer(SMALL, SMALL)).toMatchObject({ inputs: SMALL, outputs: SMALL, omitted: [] });
  expect(answer(LARGE, SMALL)).toMatchObject({ inputs: {}, outputs: SMALL, omitted: ['inputs'] });
  expect(answer(SMALL, LARGE)).toMatchObject({ inputs: {}, outputs: null, omitted: ['inputs', 'outputs'] });
});
