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
  /** What this window knows at once; another one may have written since. Null where nobody has shopped yet. */
  read(): StoredSession | null;
  /** What holds in all windows: to be asked by whoever is the only one to write just now. */
  readShared(): Promise<StoredSession | null>;
  write(session: StoredSession): Promise<void>;
  /** Told when another window has written. @returns what ends it. */
  onForeignWrite(listener: () => void): () => void;
};

export type SessionStoreOptions = {
  /** Read at once, but browsers show what one window writes to another one only after a while. */
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  /** The same in all windows. */
  readonly shared: { get(): Promise<unknown>; put(value: string): Promise<void> };
  /** Where `storage` events arrive. */
  readonly events: Pick<EventTarget, "addEventListener" | "removeEventListener">;
};

export const sessionStore = ({ storage, shared, events }: SessionStoreOptions): SessionStore => {
  // A browser that keeps nothing for us still has this window.
  let unkept: string | null = null;
  const read = () => {
    try {
      return parsed(storage.getItem(KEY) ?? unkept);
    } catch {
      return parsed(unkept);
    }
  };
  return {
    read,
    async readShared() {
      const text = await shared.get().catch(() => undefined);
      return typeof text === "string" ? parsed(text) : read();
    },
    async write(session) {
      const text = JSON.stringify(session);
      unkept = text;
      await shared.put(text).catch(() => {});
      try {
        storage.setItem(KEY, text);
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
