import { expect, test } from "vitest";
import { banner } from "./banner.ts";

const services = { billing: "http://localhost:5901", fraud: "http://localhost:5902" };

test("the banner says where to look, how to get a token, and what to paste", () => {
  const text = banner({ cartUrl: "http://localhost:5905", shopUrl: "http://localhost:5900", services, dataIn: ".data/", seconds: 1.25 });
  expect(text).toContain("http://localhost:5900\n");
  expect(text).toContain("http://localhost:5905/docs");
  expect(text).toContain("curl -s -X POST http://localhost:5905/api/auth/guest\n");
  expect(text).toContain("prod-456");
  expect(text).toContain("http://localhost:5901  billing\n");
  expect(text).toContain("http://localhost:5902  fraud\n");
});

test("what is to be pasted begins at the first column and is whole", () => {
  const text = banner({ cartUrl: "http://localhost:5905", shopUrl: "http://localhost:5900", services, dataIn: ".data/", seconds: 1 });
  const command = text.slice(text.indexOf("\nTOKEN=") + 1).trimEnd();
  const { exitCode, stderr } = Bun.spawnSync(["sh", "-n", "-c", command]);
  expect(stderr.toString()).toBe("");
  expect(exitCode).toBe(0);
});
