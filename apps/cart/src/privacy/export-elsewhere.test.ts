import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId } from "@cartwright/contracts/ids";
import superjson from "superjson";
import { expect, test } from "vitest";
import { type ExportingService, exportElsewhere } from "./export-elsewhere.ts";

const checkoutIds = Array.from({ length: 201 }, (_, index) =>
  checkoutIdOf(CartId.parse("00000000-0000-4000-8000-000000000001"), index + 1),
);

/** Three services, each of which keeps one stream of each checkout, and what they were asked. */
const start = () => {
  const asked: [string, number][] = [];
  const away = new Set<string>();
  const elsewhere = exportElsewhere({
    urlOf: (service: ExportingService) => (away.has(`the address of ${service}`) ? undefined : `http://${service}.test`),
    token: async () => "token",
    fetch: async (url, init) => {
      const service = new URL(url).host.split(".")[0] ?? "";
      expect([new URL(url).pathname, new Headers(init.headers).get("authorization")]).toEqual(["/trpc/privacy.export", "Bearer token"]);
      if (away.has(service)) return Response.json({}, { status: 503 });
      const input = superjson.parse<{ checkoutIds: string[] }>(String(init.body));
      asked.push([service, input.checkoutIds.length]);
      const events = [{ type: "Happened", version: 1, at: new Date(0), data: {} }];
      const streams = input.checkoutIds.map((id) => ({ streamId: `${service}-${id}`, events }));
      return Response.json({ result: { data: superjson.serialize({ streams }) } });
    },
  });
  return { elsewhere, asked, away };
};

test("each service is asked in pieces that it takes, and all that it answers is told", async () => {
  const { elsewhere, asked } = start();
  const { billing, fraud, notification } = await elsewhere(checkoutIds);
  expect([billing, fraud, notification].map(({ streams }) => streams.length)).toEqual([201, 201, 201]);
  expect(billing.streams.at(-1)).toMatchObject({ streamId: `billing-${checkoutIds.at(-1)}`, events: [{ at: new Date(0) }] });
  expect(asked.filter(([service]) => service === "fraud").map(([, count]) => count)).toEqual([100, 100, 1]);
});

test("who has begun no checkout is known nowhere else, and nobody is asked", async () => {
  const { elsewhere, asked } = start();
  expect((await elsewhere([])).billing).toEqual({ streams: [], mails: [] });
  expect(asked).toEqual([]);
});

test.each(["fraud", "the address of notification"])(
  "while %s is away there is no answer, rather than one with a hole in it",
  async (missing) => {
    const { elsewhere, away } = start();
    away.add(missing);
    await expect(elsewhere(checkoutIds)).rejects.toMatchObject({ name: "ServiceAway", retryable: true });
  },
);
