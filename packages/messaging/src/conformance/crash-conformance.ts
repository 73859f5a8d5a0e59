import { expect } from "vitest";
import { DependencyAway, type WithConsumer } from "./bench-conformance.ts";

export const crashPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
  withConsumer(
    "has an effect once when it ends between the effect and the mark",
    async (_, { consume, appendEverywhere, expectEachOnce }) => {
      await appendEverywhere();
      let crashes = 30;
      await using counting = consume({
        after: (event) => {
          if (event.version % 3 === 0 && crashes-- > 0) throw new DependencyAway("the mark was not reached");
        },
      });
      await counting.start();
      await counting.catchUp();
      expect(crashes).toBeLessThan(30);
      await expectEachOnce();
    },
  );

  withConsumer("has an effect once when the answer to its flush is lost", async (under, { consume, appendEverywhere, expectEachOnce }) => {
    await appendEverywhere();
    const inner = under.sink();
    let lost = 0;
    const flush: typeof inner.flush = async (of, steps) => {
      const outcomes = await inner.flush(of, steps);
      if (lost++ < 5) throw new DependencyAway("the answer was lost");
      return outcomes;
    };
    await using counting = consume({ sink: { ...inner, flush } });
    await counting.start();
    await counting.catchUp();
    await expectEachOnce();
    expect(lost).toBeGreaterThan(0);
  });

  withConsumer(
    "fences a process that was frozen and comes back with an old mark",
    async (under, { consume, appendEverywhere, expectEachOnce }) => {
      await appendEverywhere();
      const inner = under.sink();
      const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>();
      const { promise: frozen, resolve: freeze } = Promise.withResolvers<void>();
      const flush: typeof inner.flush = async (of, steps) => {
        freeze();
        await thawed;
        return inner.flush(of, steps);
      };
      await using zombie = consume({ sink: { ...inner, flush } });
      await zombie.start();
      await frozen;
      await using living = consume();
      await living.start();
      await living.catchUp();
      thaw();
      await appendEverywhere();
      await living.catchUp();
      await zombie.stop();
      await expectEachOnce();
    },
  );

  withConsumer(
    "keeps effects single when two processes believe that they hold the same shards",
    async (_, { consume, appendEverywhere, expectEachOnce }) => {
      await using one = consume({ limits: { batch: 20 } });
      await using other = consume({ limits: { batch: 20 } });
      await Promise.all([one.start(), other.start()]);
      await appendEverywhere(10);
      await one.catchUp();
      await expectEachOnce();
    },
  );
};
