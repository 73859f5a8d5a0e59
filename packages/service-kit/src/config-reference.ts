import * as z from "zod";
import { developmentValueOf } from "./config-fields.ts";

/** A configuration as a table in Markdown: each variable, its default and what it means. */
export const configReference = (schema: z.ZodObject): string => {
  const rows = Object.entries(schema.shape).map(([variable, field]) => [`\`${variable}\``, defaultOf(field), meaningOf(field)]);
  return [["Variable", "Default", "Meaning"], ["---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.map(cell).join(" | ")} |`)
    .join("\n");
};

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const defaultOf = (field: z.core.$ZodType): string => {
  if (developmentValueOf(field) !== undefined) return "in development only";
  if (field instanceof z.ZodOptional) return "";
  if (field instanceof z.ZodPipe) return defaultOf(field.def.in);
  if (!(field instanceof z.ZodDefault || field instanceof z.ZodPrefault)) return "required";
  const value = field.def.defaultValue;
  return value === "" ? "" : `\`${value}\``;
};

const meaningOf = (field: z.core.$ZodType): string => {
  const all = choicesOf(field);
  // Of a long list, such as that of all currencies, the description says enough.
  const choices = all && all.length <= 12 ? all : undefined;
  return [descriptionOf(field), choices && `One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.`].filter(Boolean).join(" ");
};

/** The outermost description: one given to `optional()` or to a default stands before one that it wraps. */
const descriptionOf = (field: z.core.$ZodType): string | undefined => {
  const own = z.globalRegistry.get(field)?.description;
  const inner = own === undefined ? innerOf(field) : undefined;
  return inner ? descriptionOf(inner) : own;
};

const choicesOf = (field: z.core.$ZodType): readonly (string | number)[] | undefined => {
  if (field instanceof z.ZodEnum) return field.options;
  const inner = innerOf(field);
  return inner && choicesOf(inner);
};

const innerOf = (field: z.core.$ZodType): z.core.$ZodType | undefined => {
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault || field instanceof z.ZodPrefault) return field.def.innerType;
  return field instanceof z.ZodPipe ? field.def.in : undefined;
};
