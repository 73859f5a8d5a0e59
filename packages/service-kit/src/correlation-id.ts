import { holdsCardNumber } from "./card-numbers.ts";

/** The header that a correlation id comes and goes in. */
export const CORRELATION_HEADER = "x-correlation-id";

/** The id that the caller gave, if it is one that may stand in a header, a log and an event; else a new one. */
export const correlationIdOf = (given: string | null | undefined): string =>
  given !== null && given !== undefined && SANE.test(given) && !holdsCardNumber(given) ? given : crypto.randomUUID();

const SANE = /^[A-Za-z0-9][\w.:-]{0,127}$/;
