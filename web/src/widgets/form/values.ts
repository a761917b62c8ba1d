import type { Field } from "~/api/pages";
import type { QueryChange } from "~/shared/page";

export type Value = Field["value"];
export type Values = Readonly<Record<string, Value>>;

/** What an input of local time shows for an ISO moment. */
function localText(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function startOf(fields: readonly Field[]): Values {
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      field.input === "time" && typeof field.value === "string"
        ? localText(field.value)
        : field.value,
    ]),
  );
}

/** A value as it is sent: numbers as numbers, times as ISO in UTC, what is empty as null. */
function sent(field: Field, value: Value): unknown {
  if (field.input === "toggle") return Boolean(value);
  if (field.input === "many") return value ?? [];
  if (value === null || value === "") return null;
  if (field.input === "number") return Number(value);
  if (field.input === "time") return new Date(String(value)).toISOString();
  return value;
}

/** The body: an optional field that is empty is left to the server's own default. */
export function bodyOf(fields: readonly Field[], values: Values): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const field of fields) {
    const value = sent(field, values[field.name] ?? null);
    if (value !== null || field.required) out[field.name] = value;
  }
  return out;
}

/** The same as parameters of the URL; the empty ones go. */
export function queryOf(fields: readonly Field[], values: Values): QueryChange {
  const out: Record<string, string | undefined> = {};
  for (const field of fields) {
    const value = sent(field, values[field.name] ?? null);
    if (Array.isArray(value)) out[field.name] = value.join(",") || undefined;
    else out[field.name] = value === null || value === false ? undefined : String(value);
  }
  return out;
}
