import { countryOf } from "@cartwright/client/ids";
import type { Country } from "@cartwright/contracts/pricing-shapes";

/** A card of the payment provider's tests: https://docs.stripe.com/testing */
export type TestCard = { readonly token: string; readonly label: string };

/** To be paid with in development; a shop in production takes its shoppers' own cards by the provider's form, which is none of ours. */
export const demonstrationCards: readonly TestCard[] =
  import.meta.env.DEMONSTRATION === "yes"
    ? [
        { token: "pm_card_visa", label: "Visa that pays" },
        { token: "pm_card_authenticationRequired", label: "Visa whose bank asks first (3-D Secure)" },
        { token: "pm_card_chargeDeclined", label: "Visa that is declined" },
      ]
    : [];

/** Where the demonstration's parcels go: taxes are of the country. */
export const demonstrationCountries: readonly Country[] = ["DE", "FR", "GB", "JP", "KW", "US", "VN"].map(countryOf);
