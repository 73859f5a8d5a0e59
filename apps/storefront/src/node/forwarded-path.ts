/**
 * Whether a request for this path goes on to the gateway: the procedures of the services and the cart's REST API. Nothing else of it
 * can be reached through the shop.
 */
export const isForwarded = (pathname: string): boolean => FORWARDED.test(pathname) && !AMBIGUOUS.test(pathname);

const FORWARDED = /^\/(?:api|(?:(?:billing|fraud|notification|projector)\/)?trpc)(?:\/|$)/;

/** A slash, a backslash or a dot in disguise: one reader takes it for a part of the path, another one does not. */
const AMBIGUOUS = /%(?:2f|5c|2e|00)|\\|\/\//i;
