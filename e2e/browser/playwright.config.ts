import { defineConfig } from "playwright/test";
import { chromiumArguments, chromiumPath } from "./chromium.ts";

const executablePath = chromiumPath();

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: "**/*.e2e.ts",
  outputDir: "../../.cache/browser",
  // One system for all: each test has a browser and a cart of its own.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: "list",
  use: {
    locale: "en-GB",
    viewport: { width: 1280, height: 900 },
    screenshot: "only-on-failure",
    launchOptions: { args: [...chromiumArguments], ...(executablePath !== undefined && { executablePath }) },
  },
});
