import { stat } from "node:fs/promises";
import { type BundleOptions, bundledAssets, bundlePage, PageError } from "./bundle-page.ts";
import type { PageAssets } from "./page-assets.ts";
import { readAssets } from "./read-assets.ts";

/** Gives the files of the page as they are now. */
export type PageSource = () => Promise<PageAssets>;

/**
 * The page that `bun run build:storefront` wrote.
 *
 * @throws {PageError} where no page is.
 */
export const builtPage = async (folder: string): Promise<PageSource> => {
  const assets = await readAssets(folder);
  if (!assets.has("/")) throw new PageError(`no page is in ${folder}: bun run build:storefront writes one`);
  return async () => assets;
};

/** The page bundled now. */
export const bundledPage = async (): Promise<PageSource> => {
  const assets = bundledAssets(await bundlePage());
  return async () => assets;
};

/** The page bundled when it is asked for, and anew whenever a source of it has changed since: for whoever works on it. */
export const freshPage = (options: BundleOptions): PageSource => {
  const make = async () => {
    const at = Date.now();
    const page = await bundlePage(options);
    return { assets: bundledAssets(page), inputs: page.inputs, at };
  };
  let made: ReturnType<typeof make> | undefined;
  return async () => {
    const last = await made?.catch(() => undefined);
    if (last && (await newestOf(last.inputs)) <= last.at) return last.assets;
    made = make();
    return (await made).assets;
  };
};

/** When the last of these files was changed; one that is gone counts as changed just now. */
const newestOf = async (files: readonly string[]): Promise<number> => {
  const times = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => Number.POSITIVE_INFINITY,
      ),
    ),
  );
  return Math.max(...times);
};
