import type { ReactNode } from "react";
import classes from "./Card.module.css";

interface Props {
  /** Pixels from the left and top of the picture, which must be `position: relative`. */
  readonly x: number;
  readonly y: number;
  /** The picture's width: the card stays inside. */
  readonly width: number;
  readonly children: ReactNode;
}

const WIDE = 280;

/** What is under the pointer; never in its way. */
export function Card({ x, y, width, children }: Props) {
  const room = Math.min(WIDE, width);
  const left = Math.max(Math.min(x + 14, width - room), 0);
  return (
    <div className={classes.card} style={{ left, top: y, maxWidth: room }} role="status">
      {children}
    </div>
  );
}
