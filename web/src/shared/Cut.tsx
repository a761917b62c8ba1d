import classes from "./Cut.module.css";

/** A name that is cut in its middle where room is short, never at its end; whole on hover. */
export function Cut({ text, tail = 12 }: { readonly text: string; readonly tail?: number }) {
  if (text.length <= tail * 1.5) return <span title={text}>{text}</span>;
  const at = text.length - tail;
  return (
    <span className={classes.cut} title={text}>
      <span className={classes.head}>{text.slice(0, at)}</span>
      <span className={classes.tail}>{text.slice(at)}</span>
    </span>
  );
}

/** The same for SVG and canvas, where letters are counted. */
export function cutMiddle(text: string, letters: number): string {
  if (text.length <= letters) return text;
  const end = Math.ceil((letters - 1) / 2);
  return `${text.slice(0, Math.max(letters - 1 - end, 1))}…${text.slice(text.length - end)}`;
}
