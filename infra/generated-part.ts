/**
 * The document with new content between the markers `<!-- generated:NAME -->` and `<!-- /generated:NAME -->`.
 * @throws when the document has not exactly one such part.
 */
export const replaceGeneratedPart = (document: string, name: string, content: string): string => {
  const begin = `<!-- generated:${name} -->`;
  const end = `<!-- /generated:${name} -->`;
  const [before, after, ...others] = document.split(begin);
  const [, rest, ...further] = after?.split(end) ?? [];
  if (before === undefined || rest === undefined || others.length + further.length > 0) {
    throw new Error(`The document needs one part between ${begin} and ${end}`);
  }
  return `${before}${begin}\n\n${content.trim()}\n\n${end}${rest}`;
};
