const coded = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });
const suppressed = (later: Error, first: Error) =>
  Object.assign(new Error("An error was suppressed during disposal"), { name: "SuppressedError", error: later, suppressed: first });

const codesThatPass = [
  ...["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED", "CONNECT_TIMEOUT"],
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"],
  ...["ConnectionRefused", "ConnectionClosed", "FailedToOpenSocket", "EMFILE", "ENOSPC"],
  ...[
    "08000",
    "08001",
    "08006",
    "25006",
    "25P03",
    "25P04",
    "40001",
    "40P01",
    "53100",
    "53300",
    "55P03",
    "57014",
    "57P01",
    "57P03",
    "58030",
  ],
];
const codesThatStay = ["23505", "23514", "22P02", "25P02", "42601", "P0001", "XX000", "EACCES", "EADDRINUSE", "ENOENT", "EADDRNOTAVAIL"];

/** What every place that asks whether a failure passes must know, whatever it adds: `[what, failure]`. */
export const failuresThatPass: readonly (readonly [what: string, failure: Error])[] = [
  ...codesThatPass.map((code) => [code, coded(code)] as const),
  ["a socket that is not there yet", coded("ENOENT", { syscall: "connect" })],
  ["a machine without a free port", coded("EADDRNOTAVAIL", { syscall: "connect" })],
  ["what says so itself", Object.assign(new Error("away"), { retryable: true })],
  ["a request that took too long", new DOMException("too long", "TimeoutError")],
  ["what such a failure is behind", new Error("could not unseal", { cause: coded("ECONNREFUSED") })],
  ["what broke again while it was given back", suppressed(new Error("dispose"), coded("ECONNRESET"))],
  ["what broke twice while it was given back", suppressed(new Error("log"), suppressed(new Error("tables"), coded("57P01")))],
  ["several addresses that nobody listens at", new AggregateError([coded("ECONNREFUSED"), coded("EHOSTUNREACH")], "together")],
];

/** The same for those that stay. */
export const failuresThatStay: readonly (readonly [what: string, failure: unknown])[] = [
  ...codesThatStay.map((code) => [code, coded(code)] as const),
  ["what says so itself", Object.assign(coded("ECONNREFUSED"), { retryable: false })],
  ["what a bug is behind", new Error("could not unseal", { cause: new TypeError("x is undefined") })],
  ["a bug after which something was away as well", suppressed(coded("ECONNRESET"), new TypeError("x is undefined"))],
  ["several, of which one stays", new AggregateError([coded("ECONNREFUSED"), new TypeError("x is undefined")], "together")],
  ["several, which are none", new AggregateError([], "together")],
  ["what is no error", "ECONNRESET"],
  ["nothing", undefined],
];
