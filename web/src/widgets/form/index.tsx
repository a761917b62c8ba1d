import { Button } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Said, wordsOf } from "~/app/telling";
import { Problem } from "~/shared/Problem";
import type { WidgetProps } from "~/widgets/registry";
import { Answer } from "./Answer";
import { FieldView } from "./FieldView";
import classes from "./Form.module.css";
import { bodyOf, queryOf, startOf, type Values } from "./values";

type Props = WidgetProps<"form">;

/** Sends the fields, or writes them into the URL. */
function useForm({ widget, page }: Props) {
  const [values, setValues] = useState<Values>(() => startOf(widget.fields));
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Said>();
  const [answer, setAnswer] = useState<unknown>();
  const { submit } = widget;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setFailed(undefined);
    if (widget.into_url) {
      page.setQuery(queryOf(widget.fields, values));
      return;
    }
    if (!submit || busy) return;
    setBusy(true);
    try {
      const said = await page.send(submit, bodyOf(widget.fields, values));
      if (said === undefined) return;
      setAnswer(widget.shows_answer ? said : undefined);
      setValues(startOf(widget.fields));
    } catch (error) {
      setFailed(wordsOf(error));
    } finally {
      setBusy(false);
    }
  };
  const set = (name: string, value: Values[string]) =>
    setValues((before) => ({ ...before, [name]: value }));
  return { values, set, busy, failed, answer, send };
}

export default function Form(props: Props) {
  const { widget } = props;
  const { values, set, busy, failed, answer, send } = useForm(props);
  const { submit } = widget;
  const known = widget.fields.some((field) => field.name === failed?.field);
  return (
    <form className={classes.form} onSubmit={(event) => void send(event)}>
      <div className={classes.fields}>
        {widget.fields.map((field) => (
          <FieldView
            key={field.name}
            id={`${widget.id}-${field.name}`}
            field={field}
            value={values[field.name] ?? null}
            wrong={failed?.field === field.name ? failed : undefined}
            onSaid={(value) => set(field.name, value)}
          />
        ))}
      </div>
      {failed && !known && <Problem said={failed} />}
      <div className={classes.foot}>
        <Button
          type="submit"
          size="compact-md"
          loading={busy}
          color={submit?.danger ? "red" : undefined}
          disabled={Boolean(submit?.disabled)}
        >
          {widget.submit_title || submit?.title || "Apply"}
        </Button>
        {submit?.disabled && <span className={classes.why}>{submit.disabled}</span>}
      </div>
      {answer !== undefined && <Answer answer={answer} />}
    </form>
  );
}
