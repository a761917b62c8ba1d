import { utc } from "~/shared/time";
import classes from "./Records.module.css";

type Record_ = Readonly<Record<string, unknown>>;

const MOST = 50;

const worded = (value: unknown): string => {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
};

/** Times of the record are nanoseconds since the epoch. */
function shown(key: string, value: unknown): string {
  if (typeof value === "number" && /(^ts$|_at$|_ns$|^time$)/.test(key) && value > 1e17) {
    return utc(Math.floor(value / 1e6));
  }
  return worded(value);
}

function Fields({ record }: { readonly record: Record_ }) {
  return (
    <dl className={classes.fields}>
      {Object.entries(record)
        .filter(
          ([, value]) => worded(value) !== "" && worded(value) !== "[]" && worded(value) !== "{}",
        )
        .map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{shown(key, value)}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Raw records: one as its fields, several as a table. */
export function Records({ records }: { readonly records: readonly Record_[] }) {
  const [first] = records;
  if (!first) return null;
  if (records.length === 1) return <Fields record={first} />;
  const keys = Object.keys(first).filter((key) => records.some((each) => worded(each[key])));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.scroll} aria-label="Records" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            {keys.map((key) => (
              <th key={key} scope="col">
                {key}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.slice(0, MOST).map((record, i) => (
            <tr key={i}>
              {keys.map((key) => (
                <td key={key}>{shown(key, record[key])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
