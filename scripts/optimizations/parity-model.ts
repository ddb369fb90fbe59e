import { ScriptedModelServer } from '@dspy-nest/testing';
import { answerTo, proposalAfter, questionOf } from './parity-answer';

/** What an answer is said to have used, so that spend can be added up. */
export const TOKENS_OF_ANSWER = { promptTokens: 10, completionTokens: 5 } as const;

/** What the model was asked for one optimisation. */
export interface AskedOfModel {
  /** Numbers that the program was asked about, each as often as that. */
  readonly numbers: readonly number[];
  /** In the order in which they were asked for. */
  readonly proposals: readonly string[];
  /** Requests that nobody gave up before they were answered. */
  readonly answers: number;
}

/** A model that answers better to a better instruction, and has one among those that it proposes. */
export class ParityModel {
  /** How long it takes for an answer. */
  delayMs = 0;
  private readonly server: ScriptedModelServer;
  private numbers: number[] = [];
  private proposals: string[] = [];
  private answersBefore = 0;

  private constructor(server: ScriptedModelServer) {
    this.server = server;
  }

  /** Listens on a free port. */
  static async start(): Promise<ParityModel> {
    const server = await ScriptedModelServer.start({ recordLimit: 0 });
    const model = new ParityModel(server);
    server.reply((request) => {
      const question = questionOf(request);
      const proposal = question.about === 'proposal' ? proposalAfter(model.proposals.length, question) : '';
      if (question.about === 'proposal') model.proposals.push(proposal);
      if (question.about === 'number') model.numbers.push(question.number);
      return { text: answerTo(request, question, proposal), delayMs: model.delayMs, usage: TOKENS_OF_ANSWER };
    });
    return model;
  }

  /** The base URL that a client is given. */
  get url(): string {
    return this.server.url;
  }

  /** What it was asked since `forget` was called. */
  get asked(): AskedOfModel {
    const { numbers, proposals } = this;
    return { numbers, proposals, answers: this.answered - this.answersBefore };
  }

  /** Begins to count, and to propose, anew. */
  forget(): void {
    this.numbers = [];
    this.proposals = [];
    this.answersBefore = this.answered;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private get answered(): number {
    return this.server.received - this.server.aborted;
  }
}
