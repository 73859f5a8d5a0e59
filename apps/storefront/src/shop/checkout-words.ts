import type { CheckoutFailure, CheckoutView } from "@cartwright/contracts/checkout-shapes";
import { unreachable } from "@cartwright/decider/unreachable";

/** What the page shows of a checkout. */
export type ShopCheckout = Pick<CheckoutView, "checkoutId" | "status" | "amount" | "action" | "failure">;

/** How a checkout stands, as one would say it to the shopper. `calm` is good news, `busy` is not over. */
export type CheckoutWords = { readonly tone: "calm" | "busy" | "cut"; readonly title: string; readonly text: string };

export const checkoutWords = ({ status, failure }: Pick<ShopCheckout, "status" | "failure">): CheckoutWords => {
  switch (status) {
    case "Started":
    case "Approved":
      return {
        tone: "busy",
        title: "Your payment is being confirmed",
        text: "This takes a moment. What comes of it is told here by itself.",
      };
    case "ActionRequired":
      return { tone: "busy", title: "Your bank asks whether it is you", text: "Nothing is paid before you have confirmed it there." };
    case "Failed":
      return {
        tone: "cut",
        title: failure === "Cancelled" ? "Given up" : "The payment did not go through",
        text: `${failureSentences[failure ?? "PaymentFailed"]} Your cart is as it was.`,
      };
    case "Ordered":
      return { tone: "calm", title: "Thank you, your order is placed", text: "You hear of it by e-mail." };
    default:
      return unreachable(status);
  }
};

/** Why a checkout came to nothing. */
export const failureSentences: Readonly<Record<CheckoutFailure, string>> = {
  Blocked: "It was not accepted.",
  PaymentMethodRefused: "This card cannot be used here.",
  PaymentDeclined: "The card was declined.",
  PaymentFailed: "The payment could not be made.",
  PaymentExpired: "It was not confirmed in time.",
  Cancelled: "You gave it up, and nothing is paid.",
  DeadlinePassed: "It was not over in time.",
};
