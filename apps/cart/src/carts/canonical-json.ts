/** The same text for the same JSON value, in whatever order its keys came. Absent and `undefined` are the same. */
export const canonicalJson = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return Array.isArray(value) ? `[${value.map((item) => canonicalJson(item ?? null)).join()}]` : canonicalObject(value);
};

const canonicalObject = (value: object): string => {
  const fields = value as Record<string, unknown>;
  let text = "";
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
};
