import { useState } from "react";
import { Icon } from "~/shared/Icon";
import classes from "./Copied.module.css";

const SAID_MS = 2000;

/** A text as it is, with a button that copies it. */
export function Copied({ text }: { readonly text: string }) {
  const [word, setWord] = useState("Copy");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setWord("Copied");
    } catch {
      // Without a safe context the browser refuses; the text can be selected by hand.
      setWord("Select it by hand");
    }
    setTimeout(() => setWord("Copy"), SAID_MS);
  };
  return (
    <div className={classes.box}>
      <pre className={classes.code}>{text}</pre>
      <button type="button" className={classes.copy} onClick={() => void copy()}>
        <Icon name="copy" size={13} />
        <span aria-live="polite">{word}</span>
      </button>
    </div>
  );
}
