import { expect, test, vi } from "vitest";
import { observed } from "./observed.ts";

test("whoever listens is told of every new value, and of none that is the same", () => {
  const listener = vi.fn();
  const number = observed<number, string>(1, String);
  const stop = number.subscribe(listener);
  number.set(1);
  number.set(2);
  stop();
  stop();
  number.set(3);
  expect([listener.mock.calls.length, number.get()]).toEqual([1, 3]);
});

test("what is shown is made when somebody looks, once a value", () => {
  const show = vi.fn((value: number) => ({ value }));
  const number = observed<number, { value: number }>(1, show);
  number.set(2);
  expect(number.shown()).toBe(number.shown());
  expect(number.shown()).toEqual({ value: 2 });
  expect(show).toHaveBeenCalledTimes(1);
});

test("one function may listen twice and stop once", () => {
  const listener = vi.fn();
  const number = observed<number, string>(1, String);
  const stop = number.subscribe(listener);
  number.subscribe(listener);
  stop();
  number.set(2);
  expect(listener).toHaveBeenCalledTimes(1);
});

test("who stops listening while others are told is told no more", () => {
  const late = vi.fn();
  const number = observed<number, string>(1, String);
  number.subscribe(() => stop());
  const stop = number.subscribe(late);
  number.set(2);
  expect(late).toHaveBeenCalledTimes(0);
});

test("a listener's fault is its own: the others are told, and whoever set the value goes on", () => {
  const thrown: (() => void)[] = [];
  const microtasks = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => void thrown.push(task));
  const other = vi.fn();
  const number = observed<number, string>(1, String);
  number.subscribe(() => {
    throw new Error("broken page");
  });
  number.subscribe(other);
  number.set(2);
  microtasks.mockRestore();
  expect(other).toHaveBeenCalledTimes(1);
  expect(() => thrown[0]?.()).toThrow("broken page");
});
