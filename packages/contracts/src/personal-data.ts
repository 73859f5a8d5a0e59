import * as z from "zod";
import { Locale } from "./checkout-shapes.ts";
import { ExistingCountry } from "./existing-country.ts";
import { lineOfText } from "./text.ts";

/** What a person is reached by. Read without the spaces around it; the domain in lower case, since it has one spelling. */
export const EmailAddress = z
  .email()
  .max(254)
  .transform((address) => address.replace(/@.*$/, (domain) => domain.toLowerCase()));

/** E.164, such as `+84901234567`. */
export const PhoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a number with its country, such as +84901234567");

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
};

/** How a shopper is reached, in the clear: it is sealed before it is kept. */
export const Contact = z.strictObject({
  email: EmailAddress,
  phone: PhoneNumber.optional(),
  locale: Locale,
  timeZone: lineOfText(100).refine(isTimeZone, "must be a time zone, such as Asia/Ho_Chi_Minh").optional(),
  consent: z.strictObject({ marketing: z.boolean() }).default({ marketing: false }),
});
export type Contact = z.output<typeof Contact>;

/** Where something goes, in the clear: it is sealed before it is kept, all but the country. */
export const ShipTo = z.strictObject({
  country: ExistingCountry,
  name: lineOfText(200),
  line1: lineOfText(200),
  line2: lineOfText(200).optional(),
  city: lineOfText(100),
  postalCode: lineOfText(20).optional(),
  region: lineOfText(100).optional(),
});
export type ShipTo = z.output<typeof ShipTo>;

/** What a person's device calls itself. */
export const DeviceId = z.string().regex(/^[\x21-\x7e]{1,128}$/, "must be 1 to 128 printable ASCII characters");

/** The fields that are sealed, by the names that they are sealed under: a value opens under its own name only. */
export const PersonalField = z.enum(["email", "phone", "address", "clientAddress", "deviceId"]);
export type PersonalField = z.infer<typeof PersonalField>;
