import {
  type Checker,
  type Signature,
  SignatureKind,
  SymbolFlags,
  type Type,
  TypeFlags,
  type Symbol as TypeSymbol,
  type UnionType,
} from "typescript/unstable/async";
import type { TypeNames } from "./type-names.ts";

export type Printing = { readonly checker: Checker; readonly names: TypeNames };

/** The type by its name, or written out. */
export const printType = async (printing: Printing, type: Type): Promise<string> =>
  (await printing.names.of(type)) ?? printStructure(printing, type);

/** The type written out, and what it was made with forgotten: a schema's output is a plain object, a procedure a plain signature. */
export const printStructure = async (printing: Printing, type: Type): Promise<string> => {
  const { checker } = printing;
  if (type.isUnionType() && !(type.flags & TypeFlags.Boolean)) return printUnion(printing, type);
  if (type.isIntersectionType()) return (await printEach(printing, await type.getTypes())).map(inParentheses).join(" & ");
  if (!type.isObjectType()) return checker.typeToString(type);
  if (type.isTupleType()) return `readonly [${(await printEach(printing, await checker.getTypeArguments(type))).join(", ")}]`;
  const symbol = await type.getSymbol();
  if (await checker.isArrayType(type)) return printArray(printing, type);
  const alias = await type.getAliasSymbol();
  if (alias?.name === "$brand") return `Brand<${(await printEach(printing, await type.getAliasTypeArguments())).join(", ")}>`;
  return symbol && isGlobal(symbol) ? printReference(printing, type, symbol.name) : printObject(printing, type);
};

const printEach = (printing: Printing, types: readonly Type[]): Promise<string[]> => inTurn(types, (type) => printType(printing, type));

const printUnion = async (printing: Printing, union: UnionType): Promise<string> => {
  const types = await union.getTypes();
  const unions = await printing.names.within(union);
  const named = new Set(unions.flatMap(({ members }) => [...members]));
  const booleans = types.filter(({ flags }) => flags & TypeFlags.BooleanLiteral);
  const rest = types.filter((type) => !named.has(type.id) && !(booleans.length === 2 && booleans.includes(type)));
  const parts = [...unions.map(({ name }) => name), ...(booleans.length === 2 ? ["boolean"] : []), ...(await printEach(printing, rest))];
  return parts
    .map(inParentheses)
    .sort((left, right) => Number(isNothing(left)) - Number(isNothing(right)))
    .join(" | ");
};

const printArray = async (printing: Printing, type: Type): Promise<string> => {
  // What is an array refers to its items.
  const [item = "unknown"] = await printEach(printing, await printing.checker.getTypeArguments(type as never));
  const isReadonly = (await type.getSymbol())?.name === "ReadonlyArray";
  return `${isReadonly ? "readonly " : ""}${/ [|&] |=>/.test(item) ? `(${item})` : item}[]`;
};

const printReference = async (printing: Printing, type: Type, name: string): Promise<string> => {
  const given = type.isTypeReference() ? await printEach(printing, await printing.checker.getTypeArguments(type)) : [];
  return given.length === 0 ? name : `${name}<${given.join(", ")}>`;
};

const printObject = async (printing: Printing, type: Type): Promise<string> => {
  const { checker } = printing;
  const properties = await checker.getPropertiesOfType(type);
  const [call] = await checker.getSignaturesOfType(type, SignatureKind.Call);
  if (call && properties.length === 0) return printSignature(printing, call);
  const [construct] = await checker.getSignaturesOfType(type, SignatureKind.Construct);
  if (construct) return `new ${await printSignature(printing, construct)}`;
  const members = await inTurn(properties, (property) => printProperty(printing, property));
  return members.length === 0 ? "{}" : `{\n${members.join("")}}`;
};

const printProperty = async (printing: Printing, property: TypeSymbol): Promise<string> => {
  const type = await printing.checker.getTypeOfSymbol(property);
  if (!type) throw new Error(`${property.name} has no type`);
  const documentation = await printing.checker.getDocumentationCommentOfSymbol(property);
  const optional = property.flags & SymbolFlags.Optional ? "?" : "";
  return `${comment(documentation)}readonly ${property.name}${optional}: ${await printType(printing, type)};\n`;
};

const printSignature = async (printing: Printing, signature: Signature): Promise<string> => {
  const parameters = await inTurn(await signature.getParameters(), (parameter) => printParameter(printing, parameter));
  const answer = await printing.checker.getReturnTypeOfSignature(signature);
  return `(${parameters.join(", ")}) => ${answer ? await printType(printing, answer) : "void"}`;
};

const printParameter = async (printing: Printing, parameter: TypeSymbol): Promise<string> => {
  const type = await printing.checker.getTypeOfSymbol(parameter);
  if (!type) throw new Error(`${parameter.name} has no type`);
  const declaration = await parameter.valueDeclaration?.resolve();
  const optional = declaration && "questionToken" in declaration && declaration.questionToken ? "?" : "";
  return `${parameter.name}${optional}: ${await printType(printing, type)}`;
};

/** A comment on what follows it; none of nothing. */
export const comment = (documentation: string): string => {
  if (documentation === "") return "";
  const lines = documentation.split("\n");
  return lines.length === 1 ? `/** ${documentation} */\n` : `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */\n`;
};

/** What every runtime has, and what TypeScript itself declares. */
const isGlobal = ({ flags, declarations }: TypeSymbol): boolean =>
  (flags & (SymbolFlags.Interface | SymbolFlags.Class)) !== 0 &&
  declarations.some(({ path }) => /\/lib\.[\w.]+\.d\.ts$|\/(bun-types|@types\/(node|bun))\//.test(path));

const isNothing = (part: string): boolean => part === "null" || part === "undefined" || part === "void";

const inParentheses = (part: string): string => (/=>/.test(part) && !part.startsWith("{") ? `(${part})` : part);

/** One after the other, so that the same names are given every time. */
const inTurn = async <Item>(items: readonly Item[], print: (item: Item) => Promise<string>): Promise<string[]> => {
  const printed: string[] = [];
  for (const item of items) printed.push(await print(item));
  return printed;
};
