import { CartId } from "@cartwright/contracts/ids";
import * as z from "zod";

/** Who shops, by the tokens that say so. */
const Identity = z.object({
  kind: z.enum(["guest", "user"]),
  email: z.string().nullable(),
  token: z.string(),
  refreshToken: z.string(),
  /** Of the token, in milliseconds since 1970. */
  expiresAt: z.number(),
});
export type Identity = z.output<typeof Identity>;

const Shopping = z.object({
  cartId: CartId,
  /** Null until a token is needed for the first time. */
  identity: Identity.nullable(),
});

/** What every window of a browser shops with: the same cart, as the same shopper. */
const StoredSession = Shopping.extend({
  /** A guest's cart that could not be taken along when the guest signed in; it is there again after signing out. */
  parked: Shopping.nullable(),
});
export type StoredSession = z.output<typeof StoredSession>;

/** The session as this browser keeps it, for all its windows. */
export type SessionStore = {
  /** Null where nobody has shopped yet, or what is kept cannot be read. */
  read(): StoredSession | null;
  write(session: StoredSession): void;
  /** Told when another window has written. @returns what ends it. */
  onForeignWrite(listener: () => void): () => void;
};

export type SessionStoreOptions = {
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  /** Where `storage` events arrive. */
  readonly events: Pick<EventTarget, "addEventListener" | "removeEventListener">;
};

export const sessionStore = ({ storage, events }: SessionStoreOptions): SessionStore => {
  // A browser that keeps nothing for us still has this window.
  let unkept: string | null = null;
  const read = () => {
    try {
      return storage.getItem(KEY) ?? unkept;
    } catch {
      return unkept;
    }
  };
  return {
    read: () => parsed(read()),
    write(session) {
      unkept = JSON.stringify(session);
      try {
        storage.setItem(KEY, unkept);
      } catch {}
    },
    onForeignWrite(listener) {
      const heard = (event: Event) => {
        const { key } = event as StorageEvent;
        if (key === KEY || key === null) listener();
      };
      events.addEventListener("storage", heard);
      return () => events.removeEventListener("storage", heard);
    },
  };
};

const parsed = (text: string | null): StoredSession | null => {
  try {
    return text === null ? null : (StoredSession.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    return null;
  }
};

const KEY = "cartwright.session";
