import { connect } from "node:net";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { freePort } from "./free-port.ts";
import { headersOfMail } from "./headers-of-mail.ts";
import { startMailCatcher } from "./mail-catcher.ts";

/** Says these to a server of SMTP, each when the one before has been answered, and answers the codes. */
const converse = async (url: string, lines: readonly string[]): Promise<readonly number[]> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const left = [...lines];
  const codes: number[] = [];
  for await (const answer of createInterface({ input: socket })) {
    // More of the same answer follows a dash.
    if (answer[3] === "-") continue;
    codes.push(Number(answer.slice(0, 3)));
    socket.write(`${left.shift() ?? "QUIT"}\r\n`);
    if (codes.at(-1) === 221) socket.end();
  }
  return codes;
};

const letter = ["EHLO shop", "MAIL FROM:<shop@example.com>", "RCPT TO:<ada@example.com>", "RCPT TO:<bob@example.com>", "DATA"];
const content = ["From: Shop <shop@example.com>", "Subject: =?UTF-8?Q?Your_order_=E2=82=AC?=", "", "Xin chào", "..dot", "."].join("\r\n");

test("a mail is taken from anybody, and shown as it came to whoever looks", async () => {
  await using catcher = await startMailCatcher();
  expect(await converse(catcher.smtpUrl, [...letter, content])).toEqual([220, 250, 250, 250, 250, 354, 250, 221]);
  const { total, messages } = await (await fetch(`${catcher.url}/`)).json();
  const [mail] = messages;
  expect([total, mail]).toMatchObject([
    1,
    {
      Subject: "Your order €",
      From: { Address: "shop@example.com" },
      To: [{ Address: "ada@example.com" }, { Address: "bob@example.com" }],
    },
  ]);
  const raw = await (await fetch(`${catcher.url}/api/v1/message/${mail.ID}/raw`)).text();
  expect(raw).toContain("Xin chào\r\n.dot");
  expect((await fetch(`${catcher.url}/api/v1/message/none/raw`)).status).toBe(404);
});

test("the newest mail is shown first", async () => {
  await using catcher = await startMailCatcher();
  for (const subject of ["first", "second"]) await converse(catcher.smtpUrl, [...letter, `Subject: ${subject}\r\n\r\nHello\r\n.`]);
  expect(catcher.mails().map(({ subject }) => subject)).toEqual(["second", "first"]);
});

test("a port that is taken is said, and nothing is left listening", async () => {
  await using catcher = await startMailCatcher();
  const port = Number(new URL(catcher.smtpUrl).port);
  await expect(startMailCatcher({ port })).rejects.toThrow("mail cannot be taken");
  const free = await freePort();
  await expect(startMailCatcher({ port: free, httpPort: Number(new URL(catcher.url).port) })).rejects.toThrow("cannot be shown");
  await using _again = await startMailCatcher({ port: free });
});

describe("the headers of a mail", () => {
  test.each([
    ["are found whatever the case of their names", "SUBJECT: Hello\r\n\r\nBody", "Hello"],
    ["are unfolded", "Subject: Hello\r\n there\r\n\r\n", "Hello there"],
    ["are read where they are quoted", "Subject: =?utf-8?q?H=C3=A0_N=E1=BB=99i?=\r\n\r\n", "Hà Nội"],
    ["are read where they are in base 64", "Subject: =?UTF-8?B?SMOgIE7hu5lp?=\r\n\r\n", "Hà Nội"],
    ["are read where they go over two words", "Subject: =?utf-8?q?H=C3=A0?=\r\n =?utf-8?q?_N=E1=BB=99i?=\r\n\r\n", "Hà Nội"],
    ["are left as they are in what nobody knows", "Subject: =?x-none?q?a?=\r\n\r\n", "=?x-none?q?a?="],
    ["end where the body begins", "To: ada\r\n\r\nSubject: not this\r\n", undefined],
  ])("%s", (_what, message, subject) => expect(headersOfMail(message).get("subject")).toBe(subject as never));
});
