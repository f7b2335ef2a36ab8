import type { Version } from "../../model/facts.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { ComplaintDetails, Complaints } from "./complaint.ts";
import type { Context } from "./directives.ts";
import type { PlacedDirective } from "./placement.ts";

/** An address that some listen named. */
export interface DeclaredSocket {
  /** The listen that sets options of the socket. */
  options: PlacedDirective | undefined;
  fallback: PlacedDirective | undefined;
  readonly servers: Map<PlacedDirective, PlacedDirective>;
}

/** What directives of one configuration have declared so far. */
export interface Declared {
  readonly sockets: Map<string, DeclaredSocket>;
  readonly upstreams: Map<string, PlacedDirective>;
  readonly logFormats: Map<string, PlacedDirective>;
}

/** One directive, as its setter is called with it. No word of it is filled in by a template. */
export interface SetterCall {
  readonly placed: PlacedDirective;
  readonly context: Context;
  /** First directive of each name at this level. */
  readonly seen: ReadonlyMap<string, PlacedDirective>;
  readonly version: Version | undefined;
  readonly declared: Declared;
  readonly complaints: Complaints;
}

/** Refuses a word, or the whole directive. */
export type Refuse = (
  message: string,
  word?: NginxWord,
  details?: ComplaintDetails & { rule?: string },
) => void;

export type SetterCheck = (call: SetterCall, refuse: Refuse) => void;
