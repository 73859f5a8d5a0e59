/** A clock that stands still until a test moves it. */
export type FakeClock = {
  readonly now: () => Date;
  readonly advance: (ms: number) => void;
};

export const fakeClock = (start = "2026-01-01T00:00:00.000Z"): FakeClock => {
  let time = Date.parse(start);
  return {
    now: () => new Date(time),
    advance: (ms) => {
      time += ms;
    },
  };
};
