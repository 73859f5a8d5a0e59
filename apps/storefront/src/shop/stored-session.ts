import { cartIdOf } from "@cartwright/client/ids";
import type { CartId } from "@cartwright/contracts/ids";

/** Who shops, by the tokens that say so. */
export type Identity = {
  readonly kind: "guest" | "user";
  readonly email: string | null;
  readonly token: string;
  readonly refreshToken: string;
  /** Of the token, in milliseconds since 1970. */
  readonly expiresAt: number;
};

export type Shopping = {
  readonly cartId: CartId;
  /** Null until a token is needed for the first time. */
  readonly identity: Identity | null;
};

/** What every window of a browser shops with: the same cart, as the same shopper. */
export type StoredSession = Shopping & {
  /** A guest's cart that could not be taken along when the guest signed in; it is there again after signing out. */
  readonly parked: Shopping | null;
};

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
    const value: unknown = JSON.parse(text ?? "null");
    const session = shoppingOf(value);
    return session && { ...session, parked: isRecord(value) ? shoppingOf(value.parked) : null };
  } catch {
    return null;
  }
};

/** Read by hand: a library for schemas would be a fifth of the page. */
const shoppingOf = (value: unknown): Shopping | null => {
  if (!isRecord(value) || typeof value.cartId !== "string" || !UUID.test(value.cartId)) return null;
  return { cartId: cartIdOf(value.cartId), identity: isIdentity(value.identity) ? value.identity : null };
};

const isIdentity = (value: unknown): value is Identity =>
  isRecord(value) &&
  (value.kind === "guest" || value.kind === "user") &&
  (value.email === null || typeof value.email === "string") &&
  typeof value.token === "string" &&
  typeof value.refreshToken === "string" &&
  typeof value.expiresAt === "number";

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const KEY = "cartwright.session";
