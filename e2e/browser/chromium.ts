import { existsSync } from "node:fs";

/** A Chromium that is here already, at `CHROMIUM_PATH` or where Debian puts it: none is downloaded. */
export const chromiumPath = (): string | undefined => {
  const given = process.env.CHROMIUM_PATH;
  return given ? given : ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
};

/** Playwright adds a new, empty profile. */
export const chromiumArguments = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
] as const;
