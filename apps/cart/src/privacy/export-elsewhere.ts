import type { CheckoutId } from "@cartwright/contracts/ids";
import { ExportedPart } from "@cartwright/contracts/privacy-export";
import { ServiceAway, type ServiceCallOptions, serviceCalls } from "@cartwright/service-kit/service-call";

/** What the other services keep of a person's checkouts. */
export type Elsewhere = Readonly<Record<ExportingService, ExportedPart>>;

export type ExportingService = "billing" | "fraud" | "notification";

/** @throws {ServiceAway} when one of them does not answer: what it keeps is not told to be nothing. */
export type ExportElsewhere = (checkoutIds: readonly CheckoutId[]) => Promise<Elsewhere>;

/** Where there are no other services. */
export const nothingElsewhere: ExportElsewhere = async () => ({ billing: nothing, fraud: nothing, notification: nothing });

export type ExportElsewhereOptions = Pick<ServiceCallOptions, "fetch" | "timeoutMs"> & {
  /** Undefined while it is not known. */
  readonly urlOf: (service: ExportingService) => string | undefined;
  /** The cart service's own. */
  readonly token: () => Promise<string>;
};

/** Asks each of them through its `privacy.export`, all at once and each in pieces. */
export const exportElsewhere = ({ urlOf, token, timeoutMs = 5_000, ...call }: ExportElsewhereOptions): ExportElsewhere => {
  const partOf = async (service: ExportingService, checkoutIds: readonly CheckoutId[]): Promise<ExportedPart> => {
    const url = urlOf(service);
    if (url === undefined) throw new ServiceAway(`nobody knows yet where ${service} is`);
    const calls = serviceCalls({ ...call, url, timeoutMs });
    const parts: ExportedPart[] = [];
    for (let first = 0; first < checkoutIds.length; first += atOnce) {
      const input = { checkoutIds: checkoutIds.slice(first, first + atOnce) };
      parts.push(ExportedPart.parse(await calls.mutate({ path: "privacy.export", input, token: await token() })));
    }
    return { streams: parts.flatMap(({ streams }) => streams), mails: parts.flatMap(({ mails }) => mails) };
  };
  return async (checkoutIds) => {
    const [billing, fraud, notification] = await Promise.all([
      partOf("billing", checkoutIds),
      partOf("fraud", checkoutIds),
      partOf("notification", checkoutIds),
    ]);
    return { billing, fraud, notification };
  };
};

/** As many as they take. */
const atOnce = 100;

const nothing: ExportedPart = { streams: [], mails: [] };
