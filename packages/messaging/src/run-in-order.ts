import { isNotYet } from "./handlers.ts";
import type { HandleWork, Runner, Stop, Work } from "./sink.ts";

/** One piece of work and where it stands: the `at`th of the `step`th step. */
export type Piece<Tools, Effect> = { step: number; at: number; work: HandleWork<Tools, Effect> };

/** A handler failed on one event; all of the pieces before it were carried out. */
export class PieceFailed extends Error {
  override readonly name = "PieceFailed";
  readonly step: number;
  readonly at: number;
  constructor({ step, at }: { step: number; at: number }, cause: unknown) {
    super("a handler failed", { cause });
    this.step = step;
    this.at = at;
  }
}

/** Some event of a batch has to wait, and which one can only be found by giving the handler fewer at once. */
export class BatchNotYet extends Error {
  override readonly name = "BatchNotYet";
  readonly retryable = false;
}

export const piecesOf = <Tools, Effect>(steps: readonly { work: readonly Work<Tools, Effect>[] }[]): readonly Piece<Tools, Effect>[] =>
  steps.flatMap(({ work }, step) => work.flatMap((piece, at) => (piece.kind === "handle" ? [{ step, at, work: piece }] : [])));

type Run<Tools, Effect> = {
  tools: Tools;
  /** Takes what a handler answered, with the pieces for which it did. */
  take?: (effect: Effect, pieces: readonly Piece<Tools, Effect>[]) => Promise<unknown>;
};

/**
 * Runs the pieces one after another; successive ones of one batch handler in one call. A step ends where a handler
 * answers `notYet`, and the others go on.
 * @returns where steps ended early, by step.
 * @throws {PieceFailed} where one event is at fault; {@link BatchNotYet}, or what a batch handler threw, where it can't be told.
 */
export const runInOrder = async <Tools, Effect>(
  pieces: readonly Piece<Tools, Effect>[],
  { tools, take }: Run<Tools, Effect>,
): Promise<ReadonlyMap<number, Stop>> => {
  const stops = new Map<number, Stop>();
  for (const [runner, together] of callsOf(pieces)) {
    const running = together.filter(({ step }) => !stops.has(step));
    const [first] = running;
    if (!first) continue;
    try {
      const effect = await runner.run(
        running.map(({ work }) => work),
        tools,
      );
      if (isNotYet(effect)) {
        if (running.length > 1) throw new BatchNotYet();
        stops.set(first.step, { kind: "notYet", at: first.at, mark: effect.notYet });
      } else {
        await take?.(effect, running);
      }
    } catch (error) {
      throw running.length === 1 ? new PieceFailed(first, error) : error;
    }
  }
  return stops;
};

const callsOf = <Tools, Effect>(pieces: readonly Piece<Tools, Effect>[]): readonly [Runner<Tools, Effect>, Piece<Tools, Effect>[]][] => {
  const calls: [Runner<Tools, Effect>, Piece<Tools, Effect>[]][] = [];
  for (const piece of pieces) {
    const last = calls.at(-1);
    if (last && last[0] === piece.work.runner && last[0].batch) last[1].push(piece);
    else calls.push([piece.work.runner, [piece]]);
  }
  return calls;
};
