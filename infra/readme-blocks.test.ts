import { describe, expect, test } from "vitest";
import { parseReadmeBlocks, type RunOptions, runReadmeBlocks } from "./readme-blocks.ts";

const readme = `
# Title

\`\`\`bash
never run
\`\`\`

\`\`\`bash runnable
TOKEN=abc
\`\`\`

Then:

\`\`\`bash runnable
echo "{ \\"token\\": \\"$TOKEN\\" }"
\`\`\`

which answers

\`\`\`json answer
{ "token": "…" }
\`\`\`
`;

const run = (scripts: readonly string[], options: Partial<RunOptions> = {}) =>
  runReadmeBlocks(
    scripts.map((script, index) => ({ line: index, script })),
    { cwd: import.meta.dirname, ...options },
  );

describe("reading", () => {
  test("only marked blocks are run, each with the answer that follows it", () => {
    expect(parseReadmeBlocks(readme)).toEqual([
      { line: 8, script: "TOKEN=abc" },
      { line: 14, script: `echo "{ \\"token\\": \\"$TOKEN\\" }"`, answer: { format: "json", text: `{ "token": "…" }` } },
    ]);
  });

  test("a block may hold a fence that is shorter than its own", () => {
    expect(parseReadmeBlocks("````bash runnable\n```\n````\n")).toEqual([{ line: 1, script: "```" }]);
  });

  test("an answer without a block is an error of the document", () => {
    expect(() => parseReadmeBlocks("```text answer\nx\n```\n")).toThrow("line 1");
  });
});

describe("running", () => {
  test("what a block sets, later ones see, and each has an output of its own", async () => {
    const runs = await run(["NAME=cart\nfalse", "cd /\ntrue", `echo "$NAME $PWD"; echo oops >&2`]);
    expect(runs.map(({ exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr }))).toEqual([
      { exitCode: 1, stdout: "", stderr: "" },
      { exitCode: 0, stdout: "", stderr: "" },
      { exitCode: 0, stdout: "cart /\n", stderr: "oops\n" },
    ]);
  });

  test("the documented address is replaced, and stands in the output again", async () => {
    const [result] = await run(["echo http://localhost:5105/docs $ADDRESS"], {
      substitutions: { "http://localhost:5105": "http://localhost:4711" },
      env: { ADDRESS: "at http://localhost:4711" },
    });
    expect(result?.stdout).toBe("http://localhost:5105/docs at http://localhost:5105\n");
  });

  test("a shell that ends or hangs leaves its block and those after it without an exit code", async () => {
    expect((await run(["true", "exit 0", "true"])).map(({ exitCode }) => exitCode)).toEqual([0, null, null]);
    expect((await run(["true", "tail -f /dev/null"], { limitMs: 200 })).map(({ exitCode }) => exitCode)).toEqual([0, null]);
  });
});
