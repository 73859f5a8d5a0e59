/**
 * Whether something in `value`, however deep, looks like a card's number. Amounts are whole numbers as long as a card's, and are not
 * meant: a number in a field that is named after an amount or a price passes, one in a text does not.
 */
export const holdsCardNumber = (value: unknown, name = ""): boolean => {
  if (typeof value === "string") return cardNumbersIn(value).length > 0;
  if (typeof value === "number" || typeof value === "bigint")
    return value >= LEAST && !AMOUNT.test(name) && cardNumbersIn(String(value)).length > 0;
  if (typeof value !== "object" || value === null || value instanceof Date) return false;
  if (Array.isArray(value)) return value.some((item) => holdsCardNumber(item, name));
  return Object.entries(value).some(([key, field]) => cardNumbersIn(key).length > 0 || holdsCardNumber(field, key));
};

/** The text with a blank for each card's number in it. */
export const withoutCardNumbers = (text: string, blank: string): string => {
  const found = cardNumbersIn(text);
  if (found.length === 0) return text;
  const plain = plainText(text);
  const parts = found.map(({ from }, index) => plain.slice(found[index - 1]?.to ?? 0, from) + blank);
  return parts.join("") + plain.slice(found.at(-1)?.to);
};

const LEAST = 10 ** 12;
const AMOUNT = /(?:amount|price|minor)/i;

type Span = { readonly from: number; readonly to: number };

/**
 * Where card numbers stand in a text: digits, with or without what people put between them, alone or beside other digits such as the date
 * or the code on the card. What is looked for is a number as a scheme issues it, with its check digit.
 */
const cardNumbersIn = (text: string): readonly Span[] => {
  if (text.length < SHORTEST || UUID.test(text)) return [];
  const plain = plainText(text);
  // Nearly every text ends here.
  if (!MANY_DIGITS.test(plain)) return [];
  // Blanked out with as many letters, so that what is found is found in its place.
  const meant = plain.replace(NAMES, (name) => "x".repeat(name.length));
  return [...meant.matchAll(RUNS)].flatMap(({ 0: text, index }) =>
    numbersIn({ ...groupsOf(text), text, at: index, isPhone: meant[index - 1] === "+" }),
  );
};

/** Digits with what stands between them, as groups without a gap: where each begins in the text, and among the digits. */
type Run = { readonly text: string; readonly at: number; readonly isPhone: boolean } & Groups;
type Groups = { readonly digits: string; readonly inText: readonly number[]; readonly inDigits: readonly number[] };

const groupsOf = (text: string): Groups => {
  const inText: number[] = [];
  const inDigits: number[] = [];
  let digits = 0;
  for (let at = 0, wasDigit = false; at < text.length; at++) {
    const isDigit = text.charCodeAt(at) <= NINE && text.charCodeAt(at) >= ZERO;
    if (isDigit && !wasDigit) {
      inText.push(at);
      inDigits.push(digits);
    }
    if (isDigit) digits += 1;
    wasDigit = isDigit;
  }
  return { digits: text.replace(/\D/g, ""), inText, inDigits };
};

const [ZERO, NINE] = [48, 57];

const numbersIn = (run: Run): readonly Span[] => {
  const spans: Span[] = [];
  for (let first = 0; first < run.inText.length; first++) {
    const from = run.at + (run.inText[first] ?? 0);
    if (from < (spans.at(-1)?.to ?? 0)) continue;
    const length = lengthAt(run, first);
    if (length > 0) spans.push({ from, to: from + length });
  }
  return spans;
};

/** How much of the text from this group on is a number; 0 where none begins. */
const lengthAt = ({ text, digits, inText, inDigits, isPhone }: Run, first: number): number => {
  const [begin, start] = [inText[first] ?? 0, inDigits[first] ?? 0];
  const ends = (group: number) => inDigits[group + 1] ?? digits.length;
  // Most begin with what no scheme does.
  if (!FIRST_DIGITS.includes(digits.charAt(start))) return 0;
  const whole = ends(first) - start;
  const within =
    isPhone && first === 0 && whole <= LONGEST_PHONE
      ? null
      : numberOf(digits.slice(start, start + Math.min(whole, LONGEST + 1 + CODE_DIGITS)));
  if (within) return within.length;
  for (let last = first + 1; last < inText.length && ends(last) - start <= LONGEST; last++) {
    const length = ends(last) - start;
    if (length < SHORTEST || !isCardNumber(digits.slice(start, start + length))) continue;
    const written = text.slice(begin, (inText[last] ?? 0) + ends(last) - (inDigits[last] ?? 0));
    if (isWrittenSo(written)) return written.length;
  }
  return 0;
};

/** Of digits without a gap: all of them, or the first, where the date or the code of the card follows. */
const numberOf = (digits: string): string | null => {
  if (digits.length < SHORTEST) return null;
  for (const length of LENGTHS) {
    const rest = digits.length - length;
    if ((rest === 0 || rest >= CODE_DIGITS) && isCardNumber(digits.slice(0, length))) return digits.slice(0, length);
  }
  return null;
};

/** By fours or more, the last group as it comes, or one by one, or in pairs. Amounts, dates and addresses of the internet are written otherwise. */
const isWrittenSo = (written: string): boolean => {
  const sizes = written.split(/\D+/).map(({ length }) => length);
  const [size = 0] = sizes;
  if (/^\d+\.\d+$/.test(written)) return false;
  return sizes.slice(0, -1).every((each) => each >= 4) || (size <= 2 && sizes.every((each) => each === size));
};

const isCardNumber = (digits: string): boolean => SCHEMES.test(digits) && hasCheckDigit(digits) && !isBarcode(digits);

/** ISO/IEC 7812: doubling every second digit from the right, the sum of all digits ends in zero. */
const hasCheckDigit = (digits: string): boolean => {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighted = place % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
};

/** Goods have numbers of 13 digits, too, with a check digit of their own: GTIN-13. No Visa of 13 digits was issued for decades. */
const isBarcode = (digits: string): boolean => {
  if (digits.length !== 13) return false;
  let sum = 0;
  for (let place = 0; place < 13; place++) sum += Number(digits[place]) * (place % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
};

/** What each scheme's numbers begin with, and how long they are. */
const SCHEMES = new RegExp(
  `^(?:${[
    "4(?:\\d{12}|\\d{15}|\\d{18})", // Visa
    "(?:5[1-5]\\d\\d|222[1-9]|22[3-9]\\d|2[3-6]\\d\\d|27[01]\\d|2720)\\d{12}", // Mastercard
    "3[47]\\d{13}", // American Express
    "3(?:0[0-59]|[689]\\d)\\d{11}|30[0-59]\\d{13}", // Diners Club
    "35(?:2[89]|[3-8]\\d)\\d{12}(?:\\d{3})?", // JCB
    "(?:6011|64[4-9]\\d|65\\d\\d)\\d{12}(?:\\d{3})?", // Discover, RuPay
    "(?:60\\d\\d|508[5-9])\\d{12}", // RuPay
    "62\\d{14,17}", // UnionPay
    "(?:50(?:18|20|38)|5893|6304|6759|676[1-3])\\d{9,15}", // Maestro
    "220[0-4]\\d{12,15}", // Mir
  ].join("|")})$`,
);
const FIRST_DIGITS = "23456";
const SHORTEST = 13;
const LONGEST = 19;
/** The usual ones first. */
const LENGTHS = [16, 15, 14, 19, 18, 17, 13];
const CODE_DIGITS = 3;
/** E.164 */
const LONGEST_PHONE = 15;

const GAP = "[\\s._·\\-\\u2010-\\u2015\\u00ad\\u200b-\\u200d\\u2060]{0,3}";
const MANY_DIGITS = new RegExp(`\\d(?:${GAP}\\d){${SHORTEST - 1}}`);
const RUNS = new RegExp(`\\d(?:${GAP}\\d)*`, "g");

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** UUIDs, and what a hash or a trace is called: hexadecimal, and longer than a number with a letter before it. */
const NAMES = /(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=\d*[a-f])[0-9a-f]{20,})(?![0-9a-z])/gi;

/** With digits and spaces of other scripts and widths as those of ASCII. */
const plainText = (text: string): string => (/[^ -~]/.test(text) ? text.normalize("NFKC") : text);
