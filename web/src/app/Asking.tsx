import { Button, Modal } from "@mantine/core";
import { useId, useState } from "react";
import { type Question, question } from "~/app/questions";
import { type Said, tell, wordsOf } from "~/app/telling";
import { Problem } from "~/shared/Problem";
import { useStore } from "~/shared/store";
import classes from "./Asking.module.css";

const titled = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");

function Box({ asked }: { readonly asked: Question }) {
  const { action } = asked;
  const field = useId();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Said>();
  const close = (answer: unknown) => {
    question.set(undefined);
    asked.done(answer);
  };
  const run = async () => {
    setBusy(true);
    try {
      const answer = await asked.run(text.trim());
      tell(`${action.title}: done`);
      close(answer ?? null);
    } catch (error) {
      setFailed(wordsOf(error));
      setBusy(false);
    }
  };
  return (
    <form
      className={classes.box}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void run();
      }}
    >
      {action.confirm && <p>{action.confirm}</p>}
      {action.ask && (
        <div className={classes.field}>
          <label htmlFor={field}>{titled(action.ask)}</label>
          <textarea
            id={field}
            rows={3}
            data-autofocus
            required
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      )}
      {failed && <Problem said={failed} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => close(undefined)}>
          Cancel
        </Button>
        <Button
          type="submit"
          color={action.danger ? "red" : undefined}
          loading={busy}
          data-autofocus={action.ask ? undefined : true}
        >
          {action.title}
        </Button>
      </div>
    </form>
  );
}

/** The dialog that stands before a deed; what went wrong is said in it, and one can try again. */
export function Asking() {
  const asked = useStore(question);
  const close = () => {
    question.set(undefined);
    asked?.done(undefined);
  };
  return (
    <Modal opened={asked !== undefined} onClose={close} title={asked?.action.title} size={460}>
      {asked && <Box key={asked.action.id} asked={asked} />}
    </Modal>
  );
}
