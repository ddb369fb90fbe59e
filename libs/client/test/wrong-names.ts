/** Mistakes in the names of programs and fields, and what each compiler has to say of them, in words that they share. */
export const wrongNames: [code: string, message: RegExp][] = [
  ["await typed.execute({ qestion: 'a' });", /'qestion' does not exist in type .* Did you mean to write 'question'\?/],
  ['await typed.submit({});', /'\{\}' is not assignable to .*\{ question: string; \}|Property 'question' is missing/],
  ['await typed.execute({ question: 1 });', /'number' is not assignable to type 'string'/],
  ["(await typed.execute({ question: 'a' })).outputs.anser;", /'anser' does not exist .* Did you mean 'answer'\?/],
  [
    "(await typed.execute({ question: 'a' })).outputs.mood === 'sad';",
    /unintentional because the types '"\w+" \| "\w+"' and '"sad"'/,
  ],
  ["pulled.program('read-mod');", /'"read-mod"' is not assignable to parameter of type '"read-mood"'/],
  [
    "await pulled.program('read-mood').execute({ mesage: 'a' });",
    /'mesage' does not exist .* Did you mean to write 'message'\?/,
  ],
  ["(await pulled.program('read-mood').wait('id')).outputs.mod;", /'mod' does not exist .* Did you mean 'mood'\?/],
  [
    "for await (const event of typed.stream({ question: 'a' })) if (event.type === 'outputs') event.outputs.anser;",
    /'anser' does not exist .* Did you mean 'answer'\?/,
  ],
  [
    "for await (const event of typed.stream({ question: 'a' })) event.type === 'outpts';",
    /unintentional because the types .* and '"outpts"'/,
  ],
];
