import type { Told } from "@cartwright/client/live-cart-state";
import type { Notice } from "@cartwright/contracts/notices";
import { unreachable } from "@cartwright/decider/unreachable";
import { refusalSentence, type Words } from "./refusal-sentence.ts";
import type { ShopNote } from "./shop.ts";

/** What the shopper is told, until it is dismissed. A `no` is read out at once, `news` when there is time. */
export type Message = { readonly tone: "no" | "news"; readonly text: string };

export const messageOf = (told: Told | ShopNote, words: Words): Message => {
  switch (told.kind) {
    case "refused":
      return { tone: "no", text: refusalSentence(told.refusal, words) };
    case "notice":
      return { tone: "news", text: noticeSentence(told.notice, words) };
    case "failed":
      return { tone: "no", text: "Something went wrong at the shop. The cart shows what was done." };
    case "leftBehind":
      return {
        tone: "no",
        text: `What you chose as a guest stays behind and is there again when you sign out. ${refusalSentence(told.refusal, words)}`,
      };
    case "sessionEnded":
      return { tone: "news", text: "You are signed out." };
    case "queueFull":
      return { tone: "no", text: "That is too much to keep without the shop. It was not added." };
    default:
      return unreachable(told);
  }
};

/** What is not as it was, told of something that was done. */
export const noticeSentence = (notice: Notice, { nameOf, money }: Words): string => {
  const name = nameOf(notice.productId) ?? "A product in your cart";
  switch (notice.code) {
    case "PriceChanged":
      return `${name} has changed its price from ${money(notice.from)} to ${money(notice.to)}.`;
    case "ProductRetired":
      return `${name} is not sold any more.`;
    default:
      return unreachable(notice);
  }
};
