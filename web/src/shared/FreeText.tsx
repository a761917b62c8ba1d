import { useEffect, useState } from "react";

interface Props {
  readonly value: string;
  readonly placeholder?: string;
  readonly label?: string;
  readonly type?: "text" | "search";
  readonly onSaid: (text: string) => void;
}

/** A text that counts once one is done with it: on Enter, or on leaving the field. */
export function FreeText({ value, placeholder, label, type = "text", onSaid }: Props) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const say = (said: string) => {
    if (said !== value) onSaid(said);
  };
  return (
    <input
      type={type}
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        // The cross of a search field empties it at once.
        if (type === "search" && event.target.value === "") say("");
      }}
      onBlur={() => say(text)}
      onKeyDown={(event) => {
        if (event.key === "Enter") say(text);
      }}
    />
  );
}
