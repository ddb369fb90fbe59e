import { readFileSync } from 'node:fs';

/** A command as a document has a reader run it, and what the document says it prints. */
export interface DocumentedCommand {
  readonly command: string;
  /** What stands in the block right below it, if one does. */
  readonly output?: string;
}

/** The blocks of `bash` (or another language) in a document, in order; blocks of `sh` are for reading. */
export function documentedCommands(path: string, language = 'bash'): DocumentedCommand[] {
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`\\n(?:\\n\`\`\`(?:text|json)\\n(.*?)^\`\`\`)?`, 'gms');
  const blocks = readFileSync(path, 'utf8').matchAll(block);
  return [...blocks].map(([, command = '', output]) => ({ command, ...(output !== undefined && { output }) }));
}

/** What matches an output in which a document writes `…` for what it leaves out, and goes on in lines of its own. */
export function printedPattern(output: string): RegExp {
  const said = output.replace(/\n */g, '').split('…');
  return new RegExp(`^${said.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*')}$`);
}
