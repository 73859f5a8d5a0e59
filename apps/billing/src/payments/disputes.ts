import type { KeptDispute } from "@cartwright/contracts/payment-shapes";

type Standing = Pick<KeptDispute, "stage" | "outcome">;

/** How far a dispute has come. It only goes on: what was lost may be won on appeal, and nothing is open again. */
export const progressOf = ({ stage, outcome }: Standing): number => {
  switch (outcome) {
    case null:
      return stage === "inquiry" ? 0 : 2;
    case "inquiryClosed":
      return 1;
    case "prevented":
    case "lost":
      return 3;
    case "won":
      return 4;
  }
};

/** The bank has the money: for the time being, or for good. */
export const isHeldByBank = ({ stage, outcome }: Standing): boolean => stage === "chargeback" && (outcome === null || outcome === "lost");
