import { joined, type ShellState } from "./shell-state.ts";

/** Something that a `return` or a `break` leaves, with the ways that left it while others went on. */
export interface ShellFrame {
  readonly kind: "loop" | "function" | "subshell";
  readonly parked: ShellState[];
}

/** The ways through a script that wait at the end of what encloses them. */
export class ShellFrames {
  readonly #frames: ShellFrame[] = [];

  inside(kind: ShellFrame["kind"], run: (frame: ShellFrame) => void): void {
    const frame: ShellFrame = { kind, parked: [] };
    this.#frames.push(frame);
    try {
      run(frame);
    } finally {
      this.#frames.pop();
    }
  }

  /** What goes on after a branch: both ways where both go on, else the one that does. */
  settled(one: ShellState, other: ShellState): ShellState {
    if (one.flow === other.flow) return one.flow === "exit" ? one : joined(one, other);
    const [stays, leaves] = other.flow === "run" || one.flow === "exit" ? [other, one] : [one, other];
    this.#park(leaves);
    return stays;
  }

  #park(state: ShellState): void {
    if (state.flow === "exit") return;
    const wanted = state.flow === "return" ? "function" : "loop";
    for (let index = this.#frames.length - 1; index >= 0; index--) {
      const frame = this.#frames[index];
      if (frame?.kind === wanted) frame.parked.push(state);
      if (frame?.kind === wanted || frame?.kind === "subshell") return;
      if (frame?.kind === "function" && wanted === "loop") return;
    }
  }
}

/** Lets the ways that left a frame go on behind it. */
export function resumed(state: ShellState, parked: readonly ShellState[]): ShellState {
  let result = state;
  for (const each of parked) {
    each.flow = "run";
    result = result.flow === "run" ? joined(result, each) : each;
  }
  return result;
}
