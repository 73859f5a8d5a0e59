/**
 * Whether something in `value`, however deep, looks like a card's number: 13 to 19 digits, with or without spaces and hyphens between them,
 * that end in the right check digit. Those of UUIDs are not meant.
 */
export const holdsCardNumber = (value: unknown): boolean => {
  if (typeof value === "string") return textHoldsCardNumber(value);
  if (typeof value === "number" || typeof value === "bigint") return textHoldsCardNumber(String(value));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, field]) => textHoldsCardNumber(key) || holdsCardNumber(field));
};

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

const textHoldsCardNumber = (text: string): boolean =>
  (text.replace(UUID, "").match(/\d(?:[ -]?\d)*/g) ?? []).some((run) => {
    const digits = run.replace(/\D/g, "");
    return digits.length >= 13 && digits.length <= 19 && hasCheckDigit(digits);
  });

/** ISO/IEC 7812: doubling every second digit from the right, the sum of all digits ends in zero. */
const hasCheckDigit = (digits: string): boolean => {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const weighted = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
};
