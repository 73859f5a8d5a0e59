/** The services behind this one, by the first part of the paths that lead to them. */
export const peerNames = ["billing", "fraud", "notification", "projector"] as const;
export type PeerName = (typeof peerNames)[number];

export type PeerRoute = {
  readonly service: PeerName;
  /** What is asked for there. */
  readonly path: string;
};

/** Where a path goes on to: the procedures of another service, and nothing else of it. Null: it is not for another one. */
export const peerRouteOf = (pathname: string): PeerRoute | null => {
  const [, service, path] = ROUTE.exec(pathname) ?? [];
  if (service === undefined || path === undefined || AMBIGUOUS.test(pathname)) return null;
  // The pattern is made of the names.
  return { service: service as PeerName, path };
};

const ROUTE = new RegExp(`^/(${peerNames.join("|")})(/trpc(?:/[^/]*)?)$`);

/** A slash, a backslash or a dot in disguise: one reader takes it for a part of the path, another one does not. */
const AMBIGUOUS = /%(?:2f|5c|2e|00)|\\|\/\//i;
