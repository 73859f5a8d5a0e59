import type { RefusalCode } from "@cartwright/contracts/refusals";
import * as z from "zod";
import { components, ProblemBody } from "./replies.ts";
import { restStatusOf } from "./rest-refusal.ts";
import type { AnswerDoc, Definition, HeaderDoc } from "./route.ts";

/** The routes as an OpenAPI 3.1 document. */
export const openApiDocument = (routes: readonly Definition[]) => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const definition of routes) {
    paths[definition.path] ??= {};
    Object.assign(paths[definition.path] ?? {}, { [definition.method]: operation(definition) });
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Cartwright cart API",
      version: "1.0.0",
      description:
        "Shopping carts, event-sourced. Get a token with `POST /api/auth/guest`, choose a UUID for a cart, and add to it. Every refusal is a problem (RFC 9457) whose `refusal` is `{ code, … }` of a closed union.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
};

const operation = (definition: Definition) => {
  const { id, access, tag, summary, description, body, answers } = definition;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: access === "public" ? [] : [{ bearer: [] }],
    parameters: parametersOf(definition),
    ...(body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: schemaOf(body.schema), ...(body.examples && { examples: body.examples }) } },
      },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...problemsOf(definition),
    },
  };
};

const parametersOf = ({ params, query, headers = {} }: Definition) => [
  ...fieldsOf("path", params),
  ...fieldsOf("query", query),
  ...Object.entries(headers).map(([name, { description, example }]) => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string" },
    example,
  })),
];

const fieldsOf = (place: "path" | "query", schema: z.ZodObject | undefined) =>
  Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    // What a number becomes, not the digits that it is read from.
    const { description, ...json } = schemaOf(field as z.ZodType, "output");
    const required = !(field as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required, ...(description !== undefined && { description }), schema: json };
  });

const answerOf = ({ description, mediaType, schema, headers }: AnswerDoc) => ({
  description,
  ...(headers && { headers: Object.fromEntries(Object.entries(headers).map(([name, doc]) => [name, headerOf(doc)])) }),
  ...(mediaType !== undefined && { content: { [mediaType]: { schema: { type: "string" } } } }),
  ...(schema && { content: { "application/json": { schema: schemaOf(schema) } } }),
});

const headerOf = ({ description, example }: HeaderDoc) => ({ description, schema: { type: "string" }, example });

/** One response a status, which says the refusals that it may tell of. */
const problemsOf = (definition: Definition) => {
  const byStatus = Map.groupBy(refusalsOf(definition), restStatusOf);
  const told = [...byStatus].map(([status, codes]) => [status, problemDoc(codes.map((code) => `\`${code}\``).join(", "))] as const);
  return { ...Object.fromEntries(told), default: problemDoc("Anything else, such as 503 while something is away") };
};

const problemDoc = (description: string) => ({ description, content: { "application/problem+json": { schema: schemaOf(ProblemBody) } } });

/** What any request may get besides. A token that is not good is refused also where none is needed. */
const refusalsOf = ({ body, refusals }: Definition): readonly RefusalCode[] => [
  ...new Set<RefusalCode>([
    ...refusals,
    "InvalidInput",
    "CardNumberInInput",
    "Unauthenticated",
    ...(body ? (["UnsupportedMediaType", "BodyTooLarge"] as const) : []),
  ]),
];

const refTo = (id: string) => `#/components/schemas/${id}`;

const named = z.registry<{ id?: string }>();
for (const [id, schema] of Object.entries(components)) named.add(schema, { id });

const options = { io: "input", unrepresentable: "any" } as const;

const namedSchemas = () => {
  const { schemas } = z.toJSONSchema(named, { ...options, uri: refTo });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]));
};

/** The schema itself, which refers to those that have a name. */
const schemaOf = (schema: z.ZodType, io: "input" | "output" = "input"): { description?: string; [keyword: string]: unknown } => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    ...options,
    io,
    override: ({ zodSchema, jsonSchema }) => {
      const id = named.get(zodSchema)?.id;
      if (id === undefined) return;
      for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword];
      jsonSchema.$ref = refTo(id);
    },
  });
  return json;
};
