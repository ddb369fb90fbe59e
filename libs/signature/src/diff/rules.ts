/** What a change asks of those who use a signature: nothing, or to be changed too. */
export type ChangeVerdict = 'compatible' | 'breaking';

/** Who is judged for: callers give inputs, readers take outputs. */
export type Side = 'input' | 'output';

interface Rule {
  readonly verdict: ChangeVerdict;
  readonly because: string;
}

const compatible = (because: string): Rule => ({ verdict: 'compatible', because });
const breaking = (because: string): Rule => ({ verdict: 'breaking', because });
const onBothSides = (rule: Rule): Record<Side, Rule> => ({ input: rule, output: rule });

const oneMember = compatible('answers have one more member, which readers ignore');
const wider = {
  input: compatible('all that was taken before is taken'),
  output: breaking('readers may meet values they do not know'),
};
const narrower = {
  input: breaking('values that were taken before are refused'),
  output: compatible('readers know every value that is left'),
};
const neither = {
  input: breaking('values that were taken before are refused'),
  output: breaking('readers may meet values they do not know'),
};
const otherPrompt = onBothSides(compatible('the model is asked in other words, so answers may differ'));

/** The table of rules: what each kind of change means on each side. */
export const changeRules = {
  required_field_added: { input: breaking('calls that leave it out are refused'), output: oneMember },
  optional_field_added: { input: compatible('calls may leave it out'), output: oneMember },
  field_removed: { input: breaking('calls that give it are refused'), output: breaking('readers miss it') },
  optional_member_removed: {
    input: breaking('calls that give it are refused'),
    output: compatible('it could be absent before'),
  },
  made_required: {
    input: breaking('null is refused, and so is leaving it out unless it has a default'),
    output: compatible('readers that expect null see none'),
  },
  made_optional: {
    input: compatible('calls may leave it out or give null'),
    output: breaking('readers that expect a value may meet none'),
  },
  default_added: onBothSides(compatible('it stands in where a call gives nothing, so answers may differ')),
  default_changed: onBothSides(compatible('calls that leave it out mean something else, so answers may differ')),
  default_removed: onBothSides(breaking('calls that leave it out are refused')),
  type_widened: wider,
  type_narrowed: narrower,
  type_changed: neither,
  type_reworded: onBothSides(compatible('the values are the same, but the model may be asked otherwise')),
  enum_values_added: wider,
  enum_values_removed: narrower,
  limit_loosened: wider,
  limit_tightened: narrower,
  pattern_changed: neither,
  description_changed: otherPrompt,
  instructions_changed: otherPrompt,
  order_changed: onBothSides(compatible('the model reads and answers in another order, so answers may differ')),
} as const satisfies Record<string, Record<Side, Rule>>;

/** The stable code of a kind of change. */
export type ChangeCode = keyof typeof changeRules;
