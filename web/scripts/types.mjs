// Writes src/api/schema.ts from src/api/openapi.json; with --check says whether it is stale.
// The schemas describe answers, and an answer always carries every field, so none is optional but
// in requests (names that end in "Body" or "Request").
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src/api/openapi.json", import.meta.url));
const target = fileURLToPath(new URL("../src/api/schema.ts", import.meta.url));

const nameOf = (ref) => ref.slice(ref.lastIndexOf("/") + 1);
const unique = (parts) => [...new Set(parts)].join(" | ");
const keyOf = (key) => (/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key));

function typeOf(schema) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return unique(schema.enum.map((value) => JSON.stringify(value)));
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return unique(several.map(typeOf));
  if (schema.allOf) return schema.allOf.map(typeOf).join(" & ");
  if (Array.isArray(schema.type)) {
    return unique(schema.type.map((type) => typeOf({ ...schema, type })));
  }
  return plain(schema);
}

function plain(schema) {
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return `ReadonlyArray<${schema.items ? typeOf(schema.items) : "unknown"}>`;
    case "object":
      if (schema.properties) return inline(schema);
      return `Readonly<Record<string, ${typeOf(schema.additionalProperties || {})}>>`;
    default:
      return "unknown";
  }
}

function inline(schema) {
  const fields = Object.entries(schema.properties).map(
    ([key, of]) => `${keyOf(key)}: ${typeOf(of)}`,
  );
  return `{ ${fields.join("; ")} }`;
}

function comment(text, indent) {
  const said = text?.split("\n\n")[0].replaceAll("*/", "").replace(/\s+/g, " ").trim();
  return said ? `${indent}/** ${said} */\n` : "";
}

function declaration(name, schema) {
  const head = `${comment(schema.description, "")}export `;
  if (!schema.properties) return `${head}type ${name} = ${typeOf(schema)};\n`;
  const required = new Set(schema.required ?? []);
  const asked = /(Body|Request)$/.test(name);
  const fields = Object.entries(schema.properties).map(([key, of]) => {
    const mark = asked && !required.has(key) ? "?" : "";
    return `${comment(of.description, "  ")}  readonly ${keyOf(key)}${mark}: ${typeOf(of)};\n`;
  });
  return `${head}interface ${name} {\n${fields.join("")}}\n`;
}

/** What each call answers, by "GET pages"; the path is below `/api/v1/`. */
function answers(paths) {
  const lines = [];
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      const good = Object.keys(responses).find((status) => status.startsWith("2"));
      const schema = responses[good]?.content?.["application/json"]?.schema;
      const key = `${method.toUpperCase()} ${path.replace("/api/v1/", "")}`;
      lines.push(`  readonly ${JSON.stringify(key)}: ${schema ? typeOf(schema) : "undefined"};\n`);
    }
  }
  return `/** What each call answers. */\nexport interface Answers {\n${lines.join("")}}\n`;
}

const { components, paths } = JSON.parse(readFileSync(source, "utf8"));
const said = Object.entries(components.schemas)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, schema]) => declaration(name, schema));
const head = "// Made by `npm run types` from openapi.json. Do not edit.\n";
const text = [head, ...said, answers(paths)].join("\n");

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    process.stderr.write("src/api/schema.ts is stale: run `npm run types` in web/.\n");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
