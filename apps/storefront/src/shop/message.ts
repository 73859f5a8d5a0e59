import type { Told } from "@cartwright/client/live-cart-state";
import type { ProductId } from "@cartwright/contracts/ids";
import type { Notice } from "@cartwright/contracts/notices";
import { unreachable } from "@cartwright/decider/unreachable";
import { couponSentences, refusalSentence, type Words } from "./refusal-sentence.ts";
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
    case "away":
      return { tone: "no", text: "The shop cannot be reached just now. Try again, please." };
    case "queueFull":
      return { tone: "no", text: "That is too much to keep without the shop. It was not added." };
    default:
      return unreachable(told);
  }
};

/** What is not as it was, told of something that was done. */
export const noticeSentence = (notice: Notice, { nameOf, money }: Words): string => {
  const named = (productId: ProductId) => nameOf(productId) ?? "A product in your cart";
  switch (notice.code) {
    case "PriceChanged":
      return `${named(notice.productId)} has changed its price from ${money(notice.from)} to ${money(notice.to)}.`;
    case "ProductRetired":
      return `${named(notice.productId)} is not sold any more.`;
    case "CouponRemoved":
      return `The coupon ${notice.coupon} was taken off: ${couponSentences[notice.problem]}`;
    case "CouponLeftBehind":
      return `The coupon ${notice.coupon} was left behind: a cart takes ${notice.max} of them.`;
    default:
      return unreachable(notice);
  }
};
