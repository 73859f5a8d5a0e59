/**
 * Opens a port by `serve`.
 *
 * @throws {PortError} in one line that names the port and the variable that changes it, when the port is taken or this
 * account may not open it.
 */
export const listen = <Server>({ port, variable, serve }: { port: number; variable: string; serve: (port: number) => Server }): Server => {
  try {
    return serve(port);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "EADDRINUSE") throw new PortError(`port ${port} is taken: set ${variable} to another one, or end what uses it`, { cause });
    if (code === "EACCES") throw new PortError(`port ${port} may not be opened by this account: set ${variable} to another one`, { cause });
    throw cause;
  }
};

export class PortError extends Error {
  override readonly name = "PortError";
  readonly retryable = false;
}
