import { PaymentId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { withScope } from "../context.ts";
import { refusalError } from "../refusals.ts";

const PaymentGet = z.strictObject({ paymentId: PaymentId });

/** A payment as it is now, for those who keep the books. */
export const paymentGet = withScope("billing:read")
  .input(PaymentGet)
  .query(async ({ ctx, input: { paymentId } }) => {
    const payment = await ctx.services.payments.get(paymentId);
    if (!payment) throw refusalError({ code: "PaymentNotFound", paymentId });
    return payment;
  });
