/** How a call says who makes it: a header, or what a WebSocket begins with. */
export const authorization = (token: string | null | undefined): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {};
