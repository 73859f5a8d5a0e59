/**
 * PostgreSQL's text form of an array. The driver would build the same element by element through its serializers; on the
 * append path that costs more than the statement.
 */
export const intArray = (values: readonly number[]): string => `{${values.join(",")}}`;

export const textArray = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? "NULL" : `"${value.replace(/["\\]/g, "\\$&")}"`)).join(",")}}`;
