import type { Field } from "~/api/pages";
import classes from "./Form.module.css";
import type { Value } from "./values";

interface Props {
  readonly id: string;
  readonly field: Field;
  readonly value: Value;
  readonly wrong?: { readonly says: string; readonly action: string } | undefined;
  readonly onSaid: (value: Value) => void;
}

const TYPES: Readonly<Record<string, string>> = {
  number: "number",
  time: "datetime-local",
  secret: "password",
};

const chosenOf = (value: Value): readonly string[] =>
  Array.isArray(value) ? (value as readonly string[]) : [];

function Many({ id, field, value, onSaid }: Props) {
  const chosen = chosenOf(value);
  return (
    <div role="group" aria-labelledby={`${id}-title`} className={classes.many}>
      {field.options.map((option) => (
        <label key={option.value}>
          <input
            type="checkbox"
            checked={chosen.includes(option.value)}
            onChange={(event) =>
              onSaid(
                event.target.checked
                  ? [...chosen, option.value]
                  : chosen.filter((each) => each !== option.value),
              )
            }
          />
          {option.title}
        </label>
      ))}
    </div>
  );
}

function Input(props: Props) {
  const { id, field, value, wrong, onSaid } = props;
  const said = [field.help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  const common = {
    id,
    required: field.required,
    "aria-invalid": wrong ? true : undefined,
    "aria-describedby": said || undefined,
  };
  const text = value === null ? "" : String(value);
  switch (field.input) {
    case "many":
      return <Many {...props} />;
    case "toggle":
      return (
        <input
          {...common}
          required={false}
          type="checkbox"
          className={classes.toggle}
          checked={Boolean(value)}
          onChange={(event) => onSaid(event.target.checked)}
        />
      );
    case "select":
      return (
        <select {...common} value={text} onChange={(event) => onSaid(event.target.value)}>
          {(!field.required || text === "") && <option value="">–</option>}
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.title}
            </option>
          ))}
        </select>
      );
    case "area":
    case "code":
      return (
        <textarea
          {...common}
          rows={field.input === "code" ? 6 : 3}
          spellCheck={field.input !== "code"}
          className={field.input === "code" ? classes.code : undefined}
          value={text}
          onChange={(event) => onSaid(event.target.value)}
        />
      );
    default:
      return (
        <input
          {...common}
          type={TYPES[field.input] ?? "text"}
          step={field.input === "number" ? "any" : undefined}
          autoComplete={field.input === "secret" ? "new-password" : undefined}
          value={text}
          onChange={(event) => onSaid(event.target.value)}
        />
      );
  }
}

/** One field with its name, its help, and what is wrong with it. */
export function FieldView(props: Props) {
  const { id, field, wrong } = props;
  const wide = ["area", "code", "many"].includes(field.input);
  return (
    <div className={classes.field} data-wide={wide || undefined} data-input={field.input}>
      {field.input === "many" ? (
        <span id={`${id}-title`} className={classes.title}>
          {field.title}
        </span>
      ) : (
        <label htmlFor={id} className={classes.title}>
          {field.title}
          {field.required && <span className={classes.must}> (required)</span>}
        </label>
      )}
      <Input {...props} />
      {field.help && (
        <p id={`${id}-help`} className={classes.help}>
          {field.help}
        </p>
      )}
      {wrong && (
        <p id={`${id}-wrong`} className={classes.wrong} role="alert">
          {wrong.says}
          {wrong.action && `: ${wrong.action}`}
        </p>
      )}
    </div>
  );
}
