import { until } from "@cartwright/testkit/until";
import type { WithConsumer } from "./bench-conformance.ts";

export const sharingPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
  withConsumer(
    "shares its shards with other processes of the group, and takes over those of one that ends",
    async (under, { consume, appendEverywhere, expectEachOnce }) => {
      if (!under.sharedSource) return;
      await using one = consume({ source: under.sharedSource("one") });
      await using other = consume({ source: under.sharedSource("other") });
      await one.start();
      await until(() => one.status().shards.length === 16);
      await other.start();
      await until(() => one.status().shards.length === 8 && other.status().shards.length === 8);
      await appendEverywhere();
      await one.catchUp();
      await other.stop();
      await until(() => one.status().shards.length === 16);
      await appendEverywhere();
      await one.catchUp();
      await expectEachOnce();
    },
  );
};
