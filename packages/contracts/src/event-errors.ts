/** An event of a type that this code has never heard of, such as one written by a newer release. */
export class UnknownEvent extends Error {
  override readonly name = "UnknownEvent";
  readonly retryable = false;
  readonly type: string;

  constructor(type: string) {
    super(`Event type ${type} is not known`);
    this.type = type;
  }
}

/** A known event in a version that this code cannot read, such as one written by a newer release. */
export class UnknownEventVersion extends Error {
  override readonly name = "UnknownEventVersion";
  readonly retryable = false;
  readonly type: string;
  readonly schemaVersion: number;

  constructor(type: string, schemaVersion: number) {
    super(`Event type ${type} has no version ${schemaVersion}`);
    this.type = type;
    this.schemaVersion = schemaVersion;
  }
}

/** An event whose data is not what its type and version promise. */
export class InvalidEvent extends Error {
  override readonly name = "InvalidEvent";
  readonly retryable = false;
  readonly type: string;
  readonly schemaVersion: number;

  constructor(type: string, schemaVersion: number, cause: Error) {
    super(`Event ${type} version ${schemaVersion} is invalid: ${cause.message}`, { cause });
    this.type = type;
    this.schemaVersion = schemaVersion;
  }
}
