/** A text of our own code in a statement that has no parameters. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
