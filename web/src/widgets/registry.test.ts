import { expect, test } from "vitest";
import openapi from "~/api/openapi.json";
import { kinds } from "~/widgets/registry";

interface Schema {
  readonly properties?: { readonly kind?: { readonly enum?: readonly string[] } };
}

test("every kind of widget that the server knows has a renderer, and no other has one", () => {
  const schemas = openapi.components.schemas as unknown as Record<string, Schema>;
  // A widget's kind is the one value of its tag; a cause's kind is any text.
  const known = Object.values(schemas).flatMap((each) => each.properties?.kind?.enum ?? []);
  expect(kinds()).toEqual([...new Set(known)].sort());
});
