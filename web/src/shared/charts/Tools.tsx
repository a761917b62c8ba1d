import classes from "./Tools.module.css";

interface Props {
  readonly of: string;
  readonly onIn: () => void;
  readonly onOut: () => void;
  /** None while all is seen. */
  readonly onReset?: (() => void) | undefined;
}

/** Nearer, farther, all: the same as the wheel and the keys + − 0. */
export function Tools({ of, onIn, onOut, onReset }: Props) {
  return (
    <fieldset className={classes.tools} aria-label={`Zoom of ${of}`}>
      <button type="button" onClick={onIn} aria-label="Zoom in" title="Zoom in (+)">
        +
      </button>
      <button type="button" onClick={onOut} aria-label="Zoom out" title="Zoom out (−)">
        −
      </button>
      <button type="button" onClick={onReset} disabled={!onReset} title="Show all (0)">
        All
      </button>
    </fieldset>
  );
}
