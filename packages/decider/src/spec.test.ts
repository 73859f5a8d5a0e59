import { describe, expect, test } from "vitest";
import { accept, type Decision, refuse } from "./decision.ts";
import { specFor } from "./spec.ts";
import { unreachable } from "./unreachable.ts";

type Stepped = { type: "Stepped"; by: number };
const { given } = specFor(0, (height: number, event: Stepped) => height + event.by);
const stepped = (by: number): Stepped => ({ type: "Stepped", by });

const climb =
  (by: number) =>
  (height: number): Decision<Stepped, "TooHigh"> => {
    if (by === 0) return accept();
    return height + by > 10 ? refuse("TooHigh") : accept(stepped(by));
  };

describe("a decider's spec", () => {
  test("passes where the decision is the expected one", () => {
    given().when(climb(3)).yields(stepped(3));
    given(stepped(4), stepped(4)).when(climb(3)).refuses("TooHigh");
    given(stepped(4)).when(climb(0)).changesNothing();
    expect(given(stepped(4)).when(climb(3)).leaves()).toBe(7);
  });

  test("fails where it is another one", () => {
    expect(() => given().when(climb(3)).yields(stepped(4))).toThrow();
    expect(() => given().when(climb(3)).yields(stepped(3), stepped(3))).toThrow();
    expect(() => given().when(climb(3)).changesNothing()).toThrow();
    expect(() => given().when(climb(3)).refuses("TooHigh")).toThrow();
    expect(() => given(stepped(9)).when(climb(3)).yields(stepped(3))).toThrow();
    expect(() => given(stepped(9)).when(climb(3)).leaves()).toThrow('Refused: "TooHigh"');
  });

  test("fails a decision that answers the same question twice in two ways", () => {
    let asked = 0;
    expect(() => given().when(() => accept(stepped(asked++)))).toThrow();
  });
});

test("a value that slipped past its type is named", () => {
  // What the compiler forbids is what is tried here.
  expect(() => unreachable({ type: "Melted" } as never)).toThrow('Unhandled case: {"type":"Melted"}');
});
