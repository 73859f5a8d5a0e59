import { expect, test } from "vitest";
import { cartUnderTest } from "../spec.ts";
import { importShop } from "./import-shop.ts";
import { loadDemonstrationShop } from "./load-demonstration-shop.ts";

const never = async () => {
  throw new Error("nothing of a file with a fault is sent");
};
const nothing = { coupons: never, shippingMethods: never, taxRates: never, stocks: never };

test("every fault of every row is named, and nothing of such a file is put", async () => {
  const ten = { code: "TEN", discount: { kind: "percentage", ratePpm: 100_000 } };
  const document = { coupons: [ten, { ...ten, code: "ten" }, { code: "NO" }], stocks: [{ stockId: "mice", onHand: -1 }] };
  expect(await importShop(document, nothing)).toMatchObject({
    ok: false,
    faults: [
      { section: "coupons", row: 2, path: "code", message: "is in the file already" },
      { section: "coupons", row: 3, path: "discount" },
      { section: "stocks", row: 1, path: "onHand" },
    ],
  });
  expect(await importShop({ prices: [] }, nothing)).toMatchObject({ ok: false, faults: [{ section: null, row: null }] });
});

test("no country that does not exist is taxed or shipped to", async () => {
  const rate = { taxRateId: "zz", country: "ZZ", name: "VAT", ratePpm: 1, isInclusive: true, validFrom: "2026-01-01T00:00:00.000Z" };
  const method = { shippingMethodId: "far", name: "Far", countries: ["VN", "UK"], prices: [{ amountMinor: 490, currency: "EUR" }] };
  const message = "must be a country of ISO 3166-1 by its two letters, such as VN";
  expect(await importShop({ taxRates: [rate], shippingMethods: [method] }, nothing)).toEqual({
    ok: false,
    faults: [
      { section: "shippingMethods", row: 1, path: "countries.1", message },
      { section: "taxRates", row: 1, path: "country", message },
    ],
  });
});

test("what is put is there, and a second time changes nothing", async () => {
  await using service = await cartUnderTest();
  const { services } = service;
  const document = {
    shippingMethods: [{ shippingMethodId: "standard", name: "Standard", prices: [{ amountMinor: 490, currency: "EUR" }] }],
    stocks: [{ stockId: "mice", onHand: 7 }],
  };
  for (const time of [1, 2]) {
    expect([time, await loadDemonstrationShop(services, document)]).toEqual([
      time,
      { ok: true, rows: { coupons: 0, shippingMethods: 1, taxRates: 0, stocks: 1 } },
    ]);
  }
  expect((await services.shop.list("shippingMethod", { limit: 10 })).items).toMatchObject([{ id: "standard", version: 1 }]);
  expect([...(await services.stock.levels(["mice" as never])).values()]).toMatchObject([{ onHand: 7 }]);
});
