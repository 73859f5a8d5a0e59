import { Country } from "@cartwright/contracts/pricing-shapes";

/** A person like nobody else, so that what is known of them is found wherever it is. */
export const canary = () => {
  const mark = crypto.randomUUID().replaceAll("-", "").slice(0, 12);
  const digits = String(Number.parseInt(mark.slice(0, 8), 16)).padStart(10, "0");
  const contact = { email: `canary-${mark}@example.com`, phone: `+84${digits}`, locale: "vi" };
  /** What they say before they sign in. */
  const asGuest = { email: `guest-canary-${mark}@example.com`, phone: `+49${digits}`, locale: "de" };
  const shipTo = { country: Country.parse("DE"), name: `Kanari ${mark}`, line1: `${mark} Vogelweg`, city: `Vogelstadt ${mark}` };
  const [deviceId, clientAddress] = [`device-${mark}`, `2001:db8:${mark.slice(0, 4)}:${mark.slice(4, 8)}::${mark.slice(8)}`];
  const markers = [contact.email, contact.phone, shipTo.name, shipTo.line1, shipTo.city, deviceId, clientAddress];
  /** What they say where it is refused: nobody may keep it, in whatever form. */
  const refused = { email: `refused-${mark}@example.com`, phone: `+33${digits}`, locale: "fr" };
  const invalidEmail = `invalid-${mark}@@example.com`;
  return { contact, asGuest, refused, invalidEmail, shipTo, deviceId, clientAddress, markers };
};
