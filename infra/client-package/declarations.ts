import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { API, type Project, SymbolFlags, type Symbol as TypeSymbol } from "typescript/unstable/async";
import { comment, type Printing, printStructure } from "./print-type.ts";
import { type NamedType, typeNames } from "./type-names.ts";

export type DeclarationsOptions = {
  readonly root: string;
  /** Modules whose types keep their names wherever they come up. */
  readonly named: readonly string[];
  /** Modules with what is exported of them. */
  readonly exported: Readonly<Record<string, readonly string[]>>;
};

/** One `.d.ts` that holds all that these exports are made of, and imports nothing. */
export const declarations = async (options: DeclarationsOptions): Promise<string> => {
  const api = new API({ cwd: options.root });
  try {
    const snapshot = await api.updateSnapshot({ openProjects: [resolve(options.root, "tsconfig.json")] });
    const [project] = snapshot.getProjects();
    if (!project) throw new Error(`${options.root} is no TypeScript project`);
    return indented([brand, ...(await declared(project, options))].join("\n\n"));
  } finally {
    await api.close();
  }
};

const brand = `declare const brand: unique symbol;
/** Makes text that stands for one kind of thing, which no other text does. */
export type Brand<Name extends string> = { readonly [brand]: Name };`;

const declared = async (project: Project, { root, named, exported }: DeclarationsOptions): Promise<readonly string[]> => {
  const printing: Printing = { checker: project.checker, names: typeNames() };
  const generics = new Map<string, TypeSymbol>();
  const values: TypeSymbol[] = [];
  for (const path of [...named, ...Object.keys(exported)])
    for (const symbol of await exportsOf(project, resolve(root, path))) {
      if (exported[path]?.includes(symbol.name)) values.push(symbol);
      if (!(symbol.flags & SymbolFlags.TypeAlias)) continue;
      const type = await project.checker.getDeclaredTypeOfSymbol(symbol);
      const isGeneric = (await type.getAliasTypeArguments()).length > 0;
      if (isGeneric) generics.set(symbol.name, symbol);
      else await printing.names.give({ name: symbol.name, type, symbol });
    }
  const written: string[] = [];
  for (const symbol of values) written.push(await declaredValue(printing, symbol));
  for (let more = true; more; ) {
    more = false;
    for (let next = printing.names.nextToDeclare(); next; next = printing.names.nextToDeclare())
      written.push(await declaredType(printing, next));
    for (const [name, symbol] of generics) {
      if (!written.some((text) => new RegExp(`\\b${name}<`).test(text))) continue;
      generics.delete(name);
      written.push(await asWritten(printing, symbol));
      more = true;
    }
  }
  return written;
};

const exportsOf = async ({ program, checker }: Project, path: string): Promise<readonly TypeSymbol[]> => {
  const file = await program.getSourceFile(path);
  const module = file && (await checker.getSymbolAtLocation(file));
  if (!module) throw new Error(`${path} is no module`);
  return checker.getExportsOfModule(module);
};

const declaredValue = async (printing: Printing, symbol: TypeSymbol): Promise<string> => {
  const { checker, names } = printing;
  const type = await checker.getTypeOfSymbol(symbol);
  if (!type) throw new Error(`${symbol.name} has no type`);
  const [signature] = await checker.getSignaturesOfType(type, 0);
  const isGeneric = ((await signature?.getTypeParameters())?.length ?? 0) > 0;
  const text = isGeneric ? await printedInPlace(printing, symbol) : await printStructure(printing, type);
  names.in(text);
  return `${comment(await checker.getDocumentationCommentOfSymbol(symbol))}export declare const ${symbol.name}: ${text};`;
};

const declaredType = async (printing: Printing, { name, type, symbol }: NamedType): Promise<string> =>
  `${comment(await printing.checker.getDocumentationCommentOfSymbol(symbol))}export type ${name} = ${await printStructure(printing, type)};`;

/** What has type parameters stands as it is in the source. */
const asWritten = async ({ names }: Printing, symbol: TypeSymbol): Promise<string> => {
  const [declaration] = symbol.declarations;
  const node = await declaration?.resolve();
  if (!declaration || !node) throw new Error(`${symbol.name} is declared nowhere`);
  const text = readFileSync(declaration.path, "utf8").slice(node.pos, node.end).trim();
  names.in(text);
  return text;
};

const printedInPlace = async (printing: Printing, symbol: TypeSymbol): Promise<string> => {
  const text = await asWritten(printing, symbol);
  // `name = <Type parameters>(parameters): answer => body`
  const [, signature, answer] = /=\s*(<[\s\S]*?\)): ([^=]+?) =>/.exec(text) ?? [];
  if (signature === undefined || answer === undefined) throw new Error(`${symbol.name} is no function that says what it answers`);
  return `${signature} => ${answer}`;
};

const indented = (text: string): string => {
  let depth = 0;
  const lines = text.split("\n").map((line) => {
    const trimmed = line.trim();
    if (trimmed.startsWith("}")) depth--;
    const shown = `${"\t".repeat(depth)}${trimmed.startsWith("*") ? " " : ""}${trimmed}`.trimEnd();
    if (trimmed.endsWith("{")) depth++;
    return shown;
  });
  return `${lines.join("\n")}\n`;
};
