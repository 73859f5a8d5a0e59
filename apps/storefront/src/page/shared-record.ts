/** One value that all windows of a browser have in common, as soon as it is written. */
export type SharedRecord = { get(): Promise<unknown>; put(value: string): Promise<void> };

/** In IndexedDB: local storage would do, if browsers did not show what one window writes to another one a little later. */
export const sharedRecord = (database: string, key: string): SharedRecord => {
  let opened: Promise<IDBDatabase> | undefined;
  const records = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => {
    opened ??= open(database);
    return (await opened).transaction(RECORDS, mode).objectStore(RECORDS);
  };
  return {
    get: async () => done((await records("readonly")).get(key)),
    put: async (value) => void (await done((await records("readwrite")).put(value, key))),
  };
};

const open = (database: string): Promise<IDBDatabase> => {
  const opening = indexedDB.open(database, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(RECORDS));
  return done(opening);
};

const done = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });

const RECORDS = "records";
