/** The token that calls are made with, asked for when it is first needed and again when the service accepts it no more. */
export type AccessToken = {
  /** Whoever asks meanwhile is given the same. Null: call without. */
  get(): Promise<string | null>;
  /** The service does not accept it. Answers whether there may be another one. */
  reject(token: string | null | undefined): boolean;
  /** Asks anew, such as for somebody who has just signed in. */
  forget(): void;
};

/** @param rejected the token that the service accepts no more, if there was one. */
export type GetToken = (rejected: string | null) => string | null | Promise<string | null>;

export const accessToken = (getToken: GetToken | undefined): AccessToken => {
  let asked: Promise<string | null> | undefined;
  let token: string | null = null;
  let rejected: string | null = null;

  const ask = async (): Promise<string | null> => {
    token = null;
    token = (await getToken?.(rejected)) ?? null;
    return token;
  };

  return {
    get: () => {
      if (!asked) {
        const asking = ask();
        asked = asking;
        // A network that failed is asked again; who waits now is told.
        asking.catch(() => {
          if (asked === asking) asked = undefined;
        });
      }
      return asked;
    },
    reject: (used) => {
      if (!getToken || !used) return false;
      if (used === token) {
        rejected = token;
        asked = undefined;
      }
      return true;
    },
    forget: () => {
      asked = undefined;
      rejected = null;
    },
  };
};
