import { type Type, TypeFlags, type Symbol as TypeSymbol, type UnionType } from "typescript/unstable/async";

/** The types that are called by a name instead of being written out. */
export type TypeNames = {
  /** From now on. */
  give(named: NamedType): Promise<void>;
  /** The one that it has, or the alias that somebody wrote it as. It will have to be declared. */
  of(type: Type): Promise<string | undefined>;
  /** Other unions that have a name and whose members all are in this one. They will have to be declared. */
  within(union: UnionType): Promise<readonly { readonly name: string; readonly members: ReadonlySet<number> }[]>;
  /** Names that stand in a text. They will have to be declared. */
  in(text: string): void;
  /** One that came up and was not declared yet. */
  nextToDeclare(): NamedType | undefined;
};

export type NamedType = { readonly name: string; readonly type: Type; readonly symbol: TypeSymbol };

export const typeNames = (): TypeNames => {
  const byType = new Map<number, NamedType>();
  const byName = new Map<string, NamedType>();
  const unions: { readonly named: NamedType; readonly members: ReadonlySet<number> }[] = [];
  const cameUp = new Set<string>();
  const toDeclare: NamedType[] = [];

  const use = (named: NamedType): string => {
    if (!cameUp.has(named.name)) toDeclare.push(named);
    cameUp.add(named.name);
    return named.name;
  };
  const give = async (named: NamedType): Promise<void> => {
    const { name, type } = named;
    if (isPrimitive(type) || byType.has(type.id) || byName.has(name)) return;
    byType.set(type.id, named);
    byName.set(name, named);
    if (type.isUnionType()) unions.push({ named, members: new Set((await type.getTypes()).map(({ id }) => id)) });
  };

  return {
    give,
    of: async (type) => {
      const symbol = byType.has(type.id) ? undefined : await type.getAliasSymbol();
      // What is generic is written out, and so is the second of two that are called alike.
      if (symbol && (await type.getAliasTypeArguments()).length === 0) await give({ name: symbol.name, type, symbol });
      const named = byType.get(type.id);
      return named && use(named);
    },
    within: async (union) => {
      const ids = new Set((await union.getTypes()).map(({ id }) => id));
      return unions
        .filter(({ named, members }) => named.type.id !== union.id && members.isSubsetOf(ids))
        .map(({ named, members }) => ({ name: use(named), members }));
    },
    in: (text) => {
      for (const word of text.match(/\b[A-Z]\w*/g) ?? []) {
        const named = byName.get(word);
        if (named) use(named);
      }
    },
    nextToDeclare: () => toDeclare.shift(),
  };
};

/** An alias of plain text is the same type as all other text, which would be called by its name. */
const isPrimitive = ({ flags }: Type): boolean => (flags & (TypeFlags.String | TypeFlags.Number | TypeFlags.Boolean)) !== 0;
