import type { SealedContact, SealedShipTo } from "@cartwright/contracts/checkout-shapes";
import type { SubjectId } from "@cartwright/contracts/ids";
import type { Contact, PersonalField, ShipTo } from "@cartwright/contracts/personal-data";
import type { Sealed } from "@cartwright/contracts/sealed";
import { canonicalJson } from "../carts/canonical-json.ts";

/** Seals what is known of a person with their key, which is made when there is none: each field that is given. */
export type Seal = <Fields extends Readonly<Partial<Record<PersonalField, string>>>>(
  subject: SubjectId,
  fields: Fields,
) => Promise<{ readonly [Field in keyof Fields]: Sealed }>;

/** What stands for a text about a person, as the person's key makes it; null of who has none, since nothing is kept of them. */
export type PersonalDigest = (subject: SubjectId, text: string) => Promise<string | null>;

/** In the order that was asked; null for what nobody can read any more. */
export type Unseal = (values: readonly { readonly field: PersonalField; readonly sealed: Sealed }[]) => Promise<readonly (string | null)[]>;

export const sealContact = async (seal: Seal, owner: SubjectId, contact: Contact): Promise<SealedContact> => {
  const { email, phone, locale, timeZone = null, consent } = contact;
  const sealed: { readonly email: Sealed; readonly phone?: Sealed } = await seal(owner, {
    email,
    ...(phone !== undefined && { phone }),
  });
  return { email: sealed.email, phone: sealed.phone ?? null, locale, timeZone, consent };
};

export const sealShipTo = async (seal: Seal, owner: SubjectId, { country, ...address }: ShipTo): Promise<SealedShipTo> => ({
  country,
  address: (await seal(owner, { address: canonicalJson(address) })).address,
});
