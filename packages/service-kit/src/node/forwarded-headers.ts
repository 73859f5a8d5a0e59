/** What a request brings along when it is handed on, and says of where it came from. */
export const forwardedHeaders = (request: Request, { url, peer }: { url: URL; peer: string | undefined }): Headers => {
  const headers = endToEndHeaders(request.headers);
  for (const name of ["host", "content-length"]) headers.delete(name);
  for (const name of [...headers.keys()]) if (name.startsWith("sec-websocket-")) headers.delete(name);
  if (peer !== undefined) headers.append("x-forwarded-for", peer);
  headers.set("x-forwarded-host", url.host);
  headers.set("x-forwarded-proto", url.protocol.slice(0, -1));
  return headers;
};

/** Without those that concern one connection alone (RFC 9110, 7.6.1). */
export const endToEndHeaders = (given: Headers): Headers => {
  const headers = new Headers(given);
  const named = (given.get("connection") ?? "").split(",").map((name) => name.trim());
  for (const name of [...HOP_BY_HOP, ...named]) if (TOKEN.test(name)) headers.delete(name);
  return headers;
};

const HOP_BY_HOP = [
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
];
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
