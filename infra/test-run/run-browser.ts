import { join } from "node:path";
import type { Result, RunEnvironment } from "./result.ts";
import { runReported } from "./run-file.ts";

/**
 * The tests that drive Chromium, all of them on one system, by Playwright on Bun. Where there is no Chromium each is skipped, or fails under
 * `REQUIRE_SERVERS=1`.
 */
export const runBrowser = (files: readonly string[], environment: RunEnvironment): Promise<Result> => {
  const reportFile = join(environment.scratch, "browser.xml");
  const playwright = "e2e/node_modules/.bin/playwright";
  return runReported(
    {
      name: "e2e/browser",
      command: [process.execPath, "--bun", playwright, "test", `--config=${config}`, "--reporter=list,junit", ...files],
      env: { PLAYWRIGHT_JUNIT_OUTPUT_FILE: reportFile },
      reportFile,
      limitMs,
    },
    environment,
  );
};

const config = "e2e/browser/playwright.config.ts";
const limitMs = 10 * 60_000;
