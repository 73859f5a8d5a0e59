import { expect, test } from "vitest";
import { openApiDocument } from "./openapi-document.ts";
import { restRoutes } from "./rest-routes.ts";

const document = openApiDocument(restRoutes);
const text = JSON.stringify(document);

test("it is one of OpenAPI 3.1 with every route of the API in it", () => {
  expect(document.openapi).toBe("3.1.0");
  const told = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  expect(told.toSorted()).toEqual(restRoutes.map(({ method, path }) => `${method} ${path}`).toSorted());
  expect(new Set(restRoutes.map(({ id }) => id)).size).toBe(restRoutes.length);
});

test("all that it refers to is in it, and every shape stands under its name alone", () => {
  const { schemas } = document.components;
  const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = ""]) => ref.replace("#/components/schemas/", ""));
  expect(referred.filter((name) => !(name in schemas))).toEqual([]);
  expect(Object.keys(schemas).filter((name) => !referred.includes(name))).toEqual([]);
  expect(text).not.toContain("$defs");
  expect(text.split('"AED"')).toHaveLength(2);
});

test.each(restRoutes)("$method $path says what it takes and what it may answer", ({ method, path, access, answers, body }) => {
  const operation = document.paths[path]?.[method] as {
    parameters: { name: string; in: string }[];
    responses: Record<string, { description: string; content?: object }>;
    security: object[];
    summary: string;
  };
  const inPath = operation.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
  expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name));
  expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining([...Object.keys(answers), "400", "401", "default"]));
  expect(operation.security).toEqual(access === "public" ? [] : [{ bearer: [] }]);
  for (const { description } of Object.values(operation.responses)) expect(description).not.toBe("");
  // An example that the route would refuse is worse than none.
  for (const { value } of Object.values(body?.examples ?? {})) body?.schema.parse(value);
});
