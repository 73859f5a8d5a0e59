import { describe, test } from "vitest";
import { bench, type ConsumerUnderTest, type WithConsumer } from "./conformance/bench-conformance.ts";
import { crashPromises } from "./conformance/crash-conformance.ts";
import { deliveryPromises } from "./conformance/delivery-conformance.ts";
import { faultPromises } from "./conformance/fault-conformance.ts";
import { parkingPromises } from "./conformance/parking-conformance.ts";
import { sharingPromises } from "./conformance/sharing-conformance.ts";

/** What every consumer promises. Run for each combination of a source and a sink. */
export const consumerConformance = <Tools, Effect>(combination: string, open: () => Promise<ConsumerUnderTest<Tools, Effect>>) => {
  describe(`a consumer from ${combination}`, () => {
    const withConsumer: WithConsumer<Tools, Effect> = (name, run) =>
      test(name, async () => {
        await using under = await open();
        await run(under, bench(under));
      }, 30_000);
    deliveryPromises(withConsumer);
    crashPromises(withConsumer);
    faultPromises(withConsumer);
    parkingPromises(withConsumer);
    sharingPromises(withConsumer);
  });
};
