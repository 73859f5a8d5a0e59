/** `1 item`, `1,200 items`: the number as people of a locale write it. */
export const countOf = (count: number, noun: string, locale?: string): string =>
  `${count.toLocaleString(locale)} ${noun}${count === 1 ? "" : "s"}`;
