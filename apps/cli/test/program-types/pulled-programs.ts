// The programs of a DSPy-Nest server, written by `dspy-nest types pull`. Changes are lost: pull again instead.

/** The inputs and outputs of each program, by its name. */
export interface Programs {
  plain: {
    inputs: {
      question: string;
    };
    outputs: {
      answer: string;
      confidence: number;
    };
  };
  'all-words': {
    inputs: {
      a: string;
      b: string;
      c: number;
      d: number;
      e: boolean;
      f: number;
      g: string[];
      h: string;
      i: string;
      j: string;
      k: string;
      l: unknown;
      m: string;
    };
    outputs: {
      z: string;
    };
  };
  optional: {
    inputs: {
      a?: string | null;
      b?: number;
      c?: boolean | null;
    };
    outputs: {
      d: string | null;
      e: unknown;
      f: (number | null)[];
    };
  };
  enums: {
    inputs: {
      a: 'a->b' | "it's" | 'say "hi"';
      b: ('x' | 'y')[];
      c?: 'x' | null;
    };
    outputs: {
      d: 1 | 2 | true;
      e: 'x'[];
    };
  };
  nested: {
    inputs: {
      a: Record<string, number[]>[];
      b: Record<number, boolean | null>;
    };
    outputs: {
      c: Partial<Record<'k' | 'l', number | null>>;
      d: {
        e: number;
        f: {
          g?: string | null;
        }[];
      } | null;
    };
  };
  unions: {
    inputs: {
      a: number | string;
      b: (number | string)[];
    };
    outputs: {
      c: number | string[];
      d: number | string | null;
    };
  };
  limited: {
    inputs: {
      a: number;
      b?: string | null;
    };
    outputs: {
      c: string[];
      d: (number | null)[];
    };
  };
}
