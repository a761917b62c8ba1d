import { Copied } from "~/shared/Copied";
import classes from "./Form.module.css";

/** What the server answered, shown once: it is not asked for again. */
export function Answer({ answer }: { readonly answer: unknown }) {
  const fields =
    typeof answer === "object" && answer !== null ? Object.entries(answer) : [["answer", answer]];
  return (
    <div role="status" className={classes.answer}>
      <p>This is shown once. Keep what you need of it now.</p>
      <dl>
        {fields.map(([key, value]) => (
          <div key={String(key)}>
            <dt>{String(key).replaceAll("_", " ")}</dt>
            <dd>
              {typeof value === "string" && value.length > 16 ? (
                <Copied text={value} />
              ) : (
                <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
