import type { Currency } from "@cartwright/contracts/currency";
import type { Country, ShippingMethodData, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";

/** What a shopper says of where an order goes and how it is paid. */
export type OrderForm = {
  readonly email: string;
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: Country;
  /** Null takes the first that goes there. */
  readonly shippingMethodId: ShippingMethodId | null;
  readonly card: string;
};

export type ShippingMethod = Pick<ShippingMethodData, "name" | "countries" | "prices"> & {
  readonly shippingMethodId: ShippingMethodId;
  readonly isRetired: boolean;
};

/** The ways of shipping that go to a country and have a price in a currency, the cheapest first. */
export const methodsTo = (methods: readonly ShippingMethod[], country: Country, currency: Currency): readonly ShippingMethod[] =>
  methods
    .flatMap((method) => {
      const price = method.prices.find((each) => each.currency === currency);
      const goesThere = !method.isRetired && (method.countries?.includes(country) ?? true);
      return price && goesThere ? [{ method, price: price.amountMinor }] : [];
    })
    .sort((left, right) => left.price - right.price)
    .map(({ method }) => method);

/** The countries that something can be sent to, of those that are thought of; where a way goes to others, to those as well. */
export const countriesOf = (methods: readonly ShippingMethod[], thoughtOf: readonly Country[]): readonly Country[] => {
  const offered = methods.filter(({ isRetired }) => !isRetired);
  return [...new Set(offered.flatMap(({ countries }) => countries ?? thoughtOf))].sort();
};
