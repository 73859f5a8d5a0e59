import superjson from "superjson";
import { describe, expect, test } from "vitest";
import { ServiceAway } from "./service-call.ts";
import { serviceToken } from "./service-token.ts";

const bench = () => {
  const clock = { now: 0 };
  const asked: unknown[] = [];
  let isAway = false;
  const token = serviceToken({
    url: "http://cart/",
    service: "billing",
    secret: "of billing",
    now: () => clock.now,
    fetch: async (url, init) => {
      if (isAway) throw new TypeError("refused");
      asked.push([url, superjson.parse(String(init.body))]);
      const answer = { token: `token ${asked.length}`, expiresAt: new Date(clock.now + 600_000) };
      return Response.json({ result: { data: superjson.serialize(answer) } });
    },
  });
  return {
    clock,
    asked,
    token,
    goAway: (away: boolean) => {
      isAway = away;
    },
  };
};

describe("a service's token", () => {
  test("is asked for once by those who need it at once, by the service's secret", async () => {
    const { token, asked } = bench();
    expect(await Promise.all([token(), token(), token()])).toEqual(["token 1", "token 1", "token 1"]);
    expect(asked).toEqual([["http://cart/trpc/auth.serviceToken", { service: "billing", secret: "of billing" }]]);
  });

  test("is renewed before it ends", async () => {
    const { token, clock } = bench();
    await token();
    clock.now = 600_000 - 30_001;
    expect(await token()).toBe("token 1");
    clock.now = 600_000 - 30_000;
    expect(await token()).toBe("token 2");
  });

  test("is good until its end where no new one can be had", async () => {
    const { token, clock, goAway } = bench();
    await token();
    goAway(true);
    clock.now = 600_000 - 1;
    expect(await token()).toBe("token 1");
    clock.now = 600_000;
    await expect(token()).rejects.toThrow(ServiceAway);
    goAway(false);
    expect(await token()).toBe("token 2");
  });

  test("that cannot be had is asked for again the next time", async () => {
    const { token, goAway } = bench();
    goAway(true);
    await expect(token()).rejects.toThrow(ServiceAway);
    goAway(false);
    expect(await token()).toBe("token 1");
  });
});
