import { NotPerformed } from "@cartwright/messaging/intents";
import { describe, expect, test } from "vitest";
import { letter, mailerConformance } from "../mailer-conformance.ts";
import { postmarkImitation } from "./postmark-imitation.ts";
import { postmarkMailer } from "./postmark-mailer.ts";

const options = { token: "token", url: "http://postmark", stream: "outbound", from: "Shop <shop@example.com>", timeoutMs: 1_000 };

const openPostmark = ({ token = options.token } = {}) => {
  const postmark = postmarkImitation();
  const fetch = async (url: string, init: RequestInit) => postmark.app.fetch(new Request(url, init));
  return { ...postmark, mailer: postmarkMailer({ ...options, token, fetch }) };
};

/** A Postmark that answers everything like this. */
const answering = (status: number, body: string) => postmarkMailer({ ...options, fetch: async () => new Response(body, { status }) });

mailerConformance("Postmark", async () => {
  const { mailer, accepted } = openPostmark();
  return {
    mailer,
    delivers: true,
    arrived: () => accepted().map(({ to, subject }) => ({ to, subject })),
    [Symbol.asyncDispose]: async () => {},
  };
});

describe("Postmark", () => {
  test("knows what it was given, though nobody here remembers it", async () => {
    const { mailer, accepted } = openPostmark();
    await mailer.send(letter("order-paid:email:00000000-0000-4000-8000-000000000001.1:send:1"));
    const [mail] = accepted();
    expect(await mailer.sent(letter(mail?.key ?? ""))).toEqual({ messageId: mail?.id });
  });

  test("refuses an address that is inactive there, and nothing of what it says is repeated", async () => {
    const { mailer, accepted } = openPostmark();
    expect(await mailer.send(letter("one", "inactive@example.com"))).toEqual({ outcome: "refused" });
    expect(accepted()).toEqual([]);
    await expect(answering(422, `{"ErrorCode":300,"Message":"ada@example.com"}`).send(letter("one"))).rejects.toThrow(/^((?!@).)*$/);
  });

  test.each([
    ["a token that it does not know", 401, `{"ErrorCode":10}`],
    ["a sender that it does not know", 422, `{"ErrorCode":400}`],
    ["too many mails at once", 429, "slow down"],
  ])("has taken nothing where it answers %s", async (_what, status, body) => {
    await expect(answering(status, body).send(letter("one"))).rejects.toBeInstanceOf(NotPerformed);
  });

  test.each([
    ["fails", 500, `{"ErrorCode":100}`],
    ["is not heard in time by what stands between", 408, ""],
    ["answers what nobody understands", 200, "<html>"],
    ["takes a mail without a name for it", 200, `{"ErrorCode":0}`],
  ])("may have taken a mail where it %s", async (_what, status, body) => {
    await expect(answering(status, body).send(letter("one"))).rejects.not.toBeInstanceOf(NotPerformed);
  });

  test("that cannot be searched has not said that there was nothing", async () => {
    await expect(openPostmark({ token: "" }).mailer.sent(letter("one"))).rejects.toThrow("401");
    await expect(answering(200, "{}").sent(letter("one"))).rejects.toThrow();
  });

  test("that does not answer is not waited for longer than it was said, nor longer than the caller may", async () => {
    const never = (_url: string, { signal }: RequestInit) =>
      new Promise<Response>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    await expect(postmarkMailer({ ...options, timeoutMs: 20, fetch: never }).send(letter("one"))).rejects.toThrow("timed out");
    const ended = AbortSignal.abort(new Error("the lease ends"));
    const gone = async (_url: string, { signal }: RequestInit) => signal?.throwIfAborted() as never;
    await expect(postmarkMailer({ ...options, fetch: gone }).sent({ key: "one", signal: ended })).rejects.toThrow("the lease ends");
  });
});
