import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { assetOf, type PageAssets, pathOf } from "./page-assets.ts";

/** The files of a folder by their paths in it, all of them in memory: nothing else can be asked for. Empty where there is no folder. */
export const readAssets = async (folder: string, under = ""): Promise<PageAssets> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const assets = files.map(async (file) => {
    const name = join(under, relative(folder, file));
    return [pathOf(name), assetOf(name, await Bun.file(file).bytes())] as const;
  });
  return new Map(await Promise.all(assets));
};
