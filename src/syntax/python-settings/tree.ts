import type { Problem } from "../problem.ts";

/** What a Python settings file says, as far as settings are concerned. Offsets are those of the file. */
export interface PythonSettings {
  readonly statements: readonly Statement[];
  /** What Python refuses; rule `gunicorn/syntax`. */
  readonly problems: readonly Problem[];
}

interface Place {
  readonly start: number;
  readonly end: number;
}

export type Statement = Place & StatementContent;

type StatementContent =
  | { readonly kind: "expression"; readonly value: Expression }
  /** `a = b = value`; an annotation without a value is no statement. */
  | { readonly kind: "assign"; readonly targets: readonly Expression[]; readonly value: Expression }
  | {
      readonly kind: "update";
      readonly target: Expression;
      readonly operator: BinaryOperator;
      readonly value: Expression;
    }
  | { readonly kind: "if"; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
  | {
      readonly kind: "for";
      readonly target: Expression;
      readonly over: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly kind: "while";
      readonly condition: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly kind: "try";
      readonly body: readonly Statement[];
      readonly handlers: readonly Handler[];
      readonly otherwise: readonly Statement[];
      readonly finally: readonly Statement[];
    }
  | {
      readonly kind: "with";
      readonly items: readonly { readonly value: Expression; readonly target: Expression | undefined }[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: "function";
      readonly name: string;
      readonly parameters: readonly Parameter[];
      readonly body: FunctionBody;
      /** It has decorators, is a coroutine or a generator. */
      readonly special: boolean;
    }
  | {
      readonly kind: "class";
      readonly name: string;
      readonly body: readonly Statement[];
      /** It has no base class, no decorator and no keyword. */
      readonly plain: boolean;
    }
  | {
      readonly kind: "import";
      readonly modules: readonly { readonly path: string; readonly as: string | undefined }[];
    }
  | {
      readonly kind: "import-from";
      /** Leading dots: 0 for an absolute import. */
      readonly level: number;
      readonly module: string;
      /** `*` for everything. */
      readonly names: readonly { readonly name: string; readonly as: string }[];
    }
  | { readonly kind: "return"; readonly value: Expression | undefined }
  | { readonly kind: "raise"; readonly value: Expression | undefined }
  | { readonly kind: "assert"; readonly condition: Expression; readonly message: Expression | undefined }
  | { readonly kind: "delete"; readonly targets: readonly Expression[] }
  | { readonly kind: "global"; readonly names: readonly string[] }
  | { readonly kind: "pass" | "break" | "continue" }
  /** A statement that is not read; `assigns` are the names that it may set. */
  | { readonly kind: "opaque"; readonly why: string; readonly assigns: readonly string[] };

export interface Branch {
  readonly condition: Expression;
  readonly body: readonly Statement[];
}

export interface Handler {
  /** Names of the exceptions; undefined for a bare `except:`; empty where they are not plain names. */
  readonly catches: readonly string[] | undefined;
  readonly as: string | undefined;
  readonly body: readonly Statement[];
}

export interface Parameter {
  readonly name: string;
  readonly star: "" | "*" | "**";
  readonly default: Expression | undefined;
}

/** A lambda has one expression, a function statements. */
export type FunctionBody = { readonly value: Expression } | { readonly statements: readonly Statement[] };

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "@" | "<<" | ">>" | "&" | "|" | "^";

export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "is" | "is not";

export type Expression = Place & ExpressionContent;

type ExpressionContent =
  | { readonly kind: "none" | "true" | "false" | "ellipsis" }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly parts: readonly StringPart[] }
  | { readonly kind: "bytes" }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly value: Expression; readonly name: string }
  | { readonly kind: "subscript"; readonly value: Expression; readonly index: Expression }
  | {
      readonly kind: "slice";
      readonly from: Expression | undefined;
      readonly to: Expression | undefined;
      readonly step: Expression | undefined;
    }
  | { readonly kind: "call"; readonly function: Expression; readonly arguments: readonly CallArgument[] }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "unary"; readonly operator: "-" | "+" | "~" | "not"; readonly operand: Expression }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "compare";
      readonly first: Expression;
      readonly rest: readonly { readonly operator: ComparisonOperator; readonly value: Expression }[];
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | { readonly kind: "lambda"; readonly parameters: readonly Parameter[]; readonly value: Expression }
  | { readonly kind: "list" | "tuple" | "set"; readonly items: readonly Element[] }
  | { readonly kind: "dict"; readonly entries: readonly DictEntry[] }
  | {
      readonly kind: "comprehension";
      readonly makes: "list" | "set" | "generator" | "dict";
      /** The key too for a dict. */
      readonly element: Expression;
      readonly value: Expression | undefined;
      readonly clauses: readonly Clause[];
    }
  | { readonly kind: "named"; readonly name: string; readonly value: Expression }
  /** A template hole, with its text. */
  | { readonly kind: "hole"; readonly text: string }
  /** Anything that is not read, with the reason. */
  | { readonly kind: "opaque"; readonly why: string };

export type StringPart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "replacement";
      readonly value: Expression;
      readonly conversion: "" | "r" | "s" | "a";
      readonly format: readonly StringPart[];
    }
  | { readonly kind: "hole"; readonly text: string }
  /** A part that is not read. */
  | { readonly kind: "unread"; readonly text: string };

export interface CallArgument {
  /** Keyword name; undefined for a positional argument. */
  readonly name: string | undefined;
  readonly star: "" | "*" | "**";
  readonly value: Expression;
}

export interface Element {
  readonly star: boolean;
  readonly value: Expression;
}

/** Without a key it is `**value`. */
export interface DictEntry {
  readonly key: Expression | undefined;
  readonly value: Expression;
}

export type Clause =
  | { readonly kind: "for"; readonly target: Expression; readonly over: Expression }
  | { readonly kind: "if"; readonly condition: Expression };
