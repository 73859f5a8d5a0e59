/**
 * Arrays and lists in PostgreSQL's text form. The driver would build them element by element through its serializers; on
 * the append path that costs more than the statement.
 */
export const intArray = (values: readonly (number | bigint)[]): string => `{${values.join(",")}}`;

/**
 * JSON escapes quotes and backslashes as PostgreSQL does and writes null as it does. The two differ in control
 * characters, which the values must not hold (JSON text has none).
 */
export const textArray = (values: readonly (string | null)[]): string => `{${JSON.stringify(values).slice(1, -1)}}`;

/**
 * For `string_to_array(…, chr(31))`, which splits far faster than an array literal is parsed. No value may hold a control
 * character; a null is an empty text.
 */
export const textList = (values: readonly (string | null)[]): string => values.map((value) => value ?? "").join("\u001f");
