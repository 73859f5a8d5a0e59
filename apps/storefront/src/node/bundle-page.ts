import { join, resolve } from "node:path";
import { assetOf, type PageAssets, pathOf } from "./page-assets.ts";

export type BundledPage = {
  readonly files: readonly BundledFile[];
  /** All that it was made of, by absolute path. */
  readonly inputs: readonly string[];
};

export type BundleOptions = {
  /** The page's HTML; the shop's own, unless given. */
  readonly entry?: string;
  /** Offers the demonstration's accounts to sign in with. */
  readonly demonstration?: boolean;
};

export type BundledFile = { readonly name: string; readonly body: Uint8Array<ArrayBuffer> };

/**
 * Bundles the page for browsers: one script, one style sheet, and what they name, each with a hash of its content in its name.
 *
 * @throws {PageError} which says where the source is wrong.
 */
export const bundlePage = async ({ entry = ownPage, demonstration = false }: BundleOptions = {}): Promise<BundledPage> => {
  const built = await Bun.build({
    entrypoints: [entry],
    target: "browser",
    minify: true,
    sourcemap: "linked",
    metafile: true,
    publicPath: "/",
    define: { "process.env.NODE_ENV": '"production"', "import.meta.env.DEMONSTRATION": demonstration ? '"yes"' : '"no"' },
    naming: { entry: "[name].[ext]", chunk: "assets/[name]-[hash].[ext]", asset: "assets/[name]-[hash].[ext]" },
  }).catch((cause: unknown) => {
    throw new PageError(faultsOf(cause), { cause });
  });
  const files = await Promise.all(
    built.outputs.map(async (file) => ({ name: file.path.replace(/^\.?\//, ""), body: new Uint8Array(await file.arrayBuffer()) })),
  );
  const inputs = Object.keys(built.metafile?.inputs ?? {}).map((path) => resolve(path));
  return { files, inputs };
};

const ownPage = join(import.meta.dirname, "../page/index.html");

export const bundledAssets = ({ files }: BundledPage): PageAssets =>
  new Map(files.map(({ name, body }) => [pathOf(name), assetOf(name, body)]));

export class PageError extends Error {
  override readonly name = "PageError";
  readonly retryable = false;
}

const faultsOf = (cause: unknown): string => {
  const faults = cause instanceof AggregateError ? cause.errors : [cause];
  return [
    "the page cannot be bundled",
    ...faults.map((fault) => `  ${placeOf(fault)}${fault instanceof Error ? fault.message : String(fault)}`),
  ].join("\n");
};

const placeOf = (fault: unknown): string => {
  if (!(fault instanceof BuildMessage) || !fault.position) return "";
  const { file, line, column } = fault.position;
  return `${file}:${line}:${column} `;
};
