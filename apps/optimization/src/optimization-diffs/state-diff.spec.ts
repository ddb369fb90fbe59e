import { stateDiff } from './state-diff';

const predictor = (instructions: string, demos: object[] = []): object => ({ demos, signature: { instructions } });
const [one, other] = [
  { ticket: 'a', team: 'billing' },
  { ticket: 'b', team: 'shipping' },
];

describe('stateDiff', () => {
  it('tells demos that went and came', () => {
    const { predictors, text } = stateDiff(
      { ...predictor('Route.', [one]) },
      { ...predictor('Route.', [other]), metadata: { dependency_versions: {} } },
    );
    expect(predictors).toEqual([
      {
        name: null,
        instructions: { before: 'Route.', after: 'Route.' },
        demosBefore: [one],
        demosAfter: [other],
      },
    ]);
    expect(text).toBe(
      [
        'instructions (unchanged)',
        'demos: 1 before, 1 after',
        '- {"team":"billing","ticket":"a"}',
        '+ {"team":"shipping","ticket":"b"}',
      ].join('\n'),
    );
  });

  it('tells instructions line by line, predictor by predictor', () => {
    const { predictors, text } = stateDiff(
      { predict: predictor('Route.'), check: predictor('Check.') },
      { predict: predictor('Route well.\nThink.'), check: predictor('Check.'), metadata: {} },
    );
    expect(predictors.map(({ name }) => name)).toEqual(['predict', 'check']);
    expect(text.split('\n').slice(0, 5)).toEqual([
      'predictor predict',
      'instructions',
      '- Route.',
      '+ Route well.',
      '+ Think.',
    ]);
  });
});
