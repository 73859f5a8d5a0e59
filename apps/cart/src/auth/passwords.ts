/** A memory-hard password hash (argon2id), injected because no web standard has one. Neither call may block the event loop. */
export type Passwords = {
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
};

/** Where the runtime has no such hash: what it answers for one is nobody's, and no password is right. */
export const noPasswords: Passwords = { hash: async () => "", verify: async () => false };

/** More sign-ins are waiting for a hash than may wait; this one was not tried. */
export class PasswordsBusy extends Error {
  override readonly name = "PasswordsBusy";
  readonly retryable = true;
}

/** Each hash takes tens of megabytes and a core: at most `concurrency` run at once and at most `waiting` wait. */
export const boundedPasswords = (passwords: Passwords, { concurrency = 2, waiting = 64 } = {}): Passwords => {
  const queue: (() => void)[] = [];
  let running = 0;

  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= concurrency) {
      if (queue.length >= waiting) throw new PasswordsBusy(`${running} password hashes are running and ${queue.length} are waiting`);
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };

  return {
    hash: (password) => inTurn(() => passwords.hash(password)),
    verify: (password, hash) => inTurn(() => passwords.verify(password, hash)),
  };
};
