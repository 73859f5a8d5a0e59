import type { LiveCartState, LiveStatus } from "@cartwright/client/live-cart-state";

/** How the page tells how the cart stands: a word to look at, and a sentence for whoever wants to know. */
export type LiveView = { readonly word: string; readonly sentence: string; readonly tone: "calm" | "busy" | "cut" };

/** @param online whether the browser has a network at all: it may know before the connection does. */
export const liveView = ({ status, pending }: Pick<LiveCartState, "status" | "pending">, online = true): LiveView =>
  views[online ? status : "offline"](pending);

const views: Readonly<Record<LiveStatus, (pending: number) => LiveView>> = {
  live: () => ({ word: "live", sentence: "This is the cart as it is, in every window that shows it.", tone: "calm" }),
  catchingUp: () => ({ word: "catching up", sentence: "The cart is being brought up to date.", tone: "busy" }),
  offline: (pending) => ({ word: "offline", sentence: `The shop cannot be reached. ${waiting(pending)}`, tone: "cut" }),
  ended: () => ({ word: "ended", sentence: "The shop does not show this cart any more.", tone: "cut" }),
};

const waiting = (pending: number): string => {
  if (pending === 0) return "Go on: what you do is kept.";
  return pending === 1 ? "What you did is kept and will be sent." : `${pending} things that you did are kept and will be sent.`;
};
