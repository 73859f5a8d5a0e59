import * as z from "zod";

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const lineControls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const textControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/**
 * One line of text that every store holds unchanged: no control characters, no line breaks, no lone surrogates, and not blank.
 * PostgreSQL refuses NUL and lone surrogates, and would refuse the neighbours of a batch with them.
 * @param maxLength in UTF-16 code units.
 */
export const lineOfText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => text.isWellFormed() && !lineControls.test(text), "must hold no control characters and no lone surrogates")
    .refine((text) => text.trim() !== "", "must not be blank");

/** As {@link lineOfText}, but it may be empty and may hold line breaks (LF) and tabs. */
export const textBlock = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((text) => text.isWellFormed() && !textControls.test(text), "must hold no control characters and no lone surrogates");
