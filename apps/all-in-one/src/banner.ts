type Banner = {
  readonly cartUrl: string;
  readonly shopUrl: string;
  readonly services?: Readonly<Record<string, string>>;
  readonly dataIn: string;
  readonly seconds: number;
};

/** What a person sees once everything runs: where to look, how to get a token, and a line that works when pasted. */
export const banner = ({ cartUrl, shopUrl, services = {}, dataIn, seconds }: Banner): string => `
  Cartwright runs (${seconds.toFixed(1)} s). Ctrl-C ends it; the data stays in ${dataIn}

    The shop                       ${shopUrl}
    The API, to try and to read    ${cartUrl}/docs
${listed(services)}    A token for a new shopper      curl -s -X POST ${cartUrl}/api/auth/guest
    A cart with a gaming laptop:

TOKEN=$(curl -s -X POST ${cartUrl}/api/auth/guest | sed 's/.*"token":"\\([^"]*\\)".*/\\1/') && \\
curl -s ${cartUrl}/api/cart/$(uuidgen 2>/dev/null || cat /proc/sys/kernel/random/uuid)/items -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' -d '{"productId":"prod-456","quantity":1}'
`;

/** One below the other, in one column. */
const listed = (services: NonNullable<Banner["services"]>): string =>
  Object.entries(services)
    .map(([name, url], index) => `    ${(index === 0 ? "The services behind it" : "").padEnd(31)}${url}  ${name}\n`)
    .join("");
