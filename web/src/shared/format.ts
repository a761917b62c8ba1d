/** Numbers, durations and times as a person reads them; `null` is "no data", never 0. */

export const NO_DATA = "no data";

const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 100_000) return compact.format(value);
  if (Number.isInteger(value) || size >= 1000) return whole.format(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1).replace("e-", "e−");
  return plain.format(value);
}

export function count(value: number): string {
  return whole.format(value);
}

export function ratio(value: number): string {
  const percent = value * 100;
  const near = percent > 99 && percent < 100;
  const digits = near ? Math.min(3, 1 - Math.floor(Math.log10(100 - percent))) : 1;
  return `${percent.toLocaleString("en", { maximumFractionDigits: Math.max(digits, 1) })} %`;
}

const POWERS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function bytes(value: number): string {
  const power = Math.min(Math.max(Math.floor(Math.log2(Math.abs(value) || 1) / 10), 0), 5);
  return `${number(Number((value / 1024 ** power).toPrecision(3)))} ${POWERS[power]}`;
}

const STEPS: ReadonlyArray<[number, string]> = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "m"],
  [1, "s"],
];

/** The two largest parts: "2 h 5 m", "14 s", "230 ms". */
export function duration(seconds: number): string {
  const sign = seconds < 0 ? "−" : "";
  const size = Math.abs(seconds);
  if (size === 0) return "0 s";
  if (size < 0.001) return `${sign}${plain.format(size * 1e6)} µs`;
  if (size < 1) return `${sign}${Number((size * 1e3).toPrecision(3))} ms`;
  if (size < 10) return `${sign}${Number(size.toPrecision(3))} s`;
  let rest = Math.round(size);
  const at = STEPS.findIndex(([step]) => rest >= step);
  const parts: string[] = [];
  for (const [step, name] of STEPS.slice(at, at + 2)) {
    const n = Math.floor(rest / step);
    rest -= n * step;
    if (n) parts.push(`${n} ${name}`);
  }
  return sign + parts.join(" ");
}

/** A value with its UCUM unit; `%` is a ratio between 0 and 1, `s` seconds, `By` bytes. */
export function quantity(value: number | null | undefined, unit = ""): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_DATA;
  if (unit === "%") return ratio(value);
  if (unit === "s") return duration(value);
  if (unit === "ms") return duration(value / 1000);
  if (unit === "By") return bytes(value);
  if (unit === "By/s") return `${bytes(value)}/s`;
  const said = number(value);
  const name = unit.replace(/[{}]/g, "");
  if (name.startsWith("1/")) return said + name.slice(1);
  return name && name !== "1" ? `${said} ${name}` : said;
}

/** An axis label: like `quantity`, without the spaces. */
export const axis = (value: number, unit = ""): string => quantity(value, unit).replace(/ /g, " ");
