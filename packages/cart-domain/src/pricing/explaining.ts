import type { ExplanationSource } from "@cartwright/contracts/explanation";
import type { Quote } from "@cartwright/contracts/pricing-shapes";

/** What has happened to the cart that concerns a product or a coupon. */
export type EventsAbout = (kind: "product" | "coupon", id: string) => ExplanationSource["events"];

export type Explaining = { readonly quote: Quote; readonly eventsAbout: EventsAbout };
