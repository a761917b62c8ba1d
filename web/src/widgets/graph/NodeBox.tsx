import { memo } from "react";
import type { Node } from "~/api/pages";
import { fit } from "~/shared/charts/fit";
import { Shape } from "~/shared/charts/Shape";
import { healthWord } from "~/shared/HealthMark";
import { usePage } from "~/shared/page";
import { TALL, WIDE } from "~/widgets/graph/geometry";
import { KindMark } from "~/widgets/graph/kinds";
import classes from "./Graph.module.css";

/** Between the drawing of the kind and the shape of the health. */
const ROOM = WIDE - 29 - 22;

interface Props {
  readonly node: Node;
  readonly dim: boolean;
  readonly onPoint: (id: string | undefined) => void;
}

/** A box of the map: what it is, its name, how it is. */
export const NodeBox = memo(function NodeBox({ node, dim, onPoint }: Props) {
  const page = usePage();
  const { id, label, kind, health, x, y, says, to, lit } = node;
  const [left, top] = [x - WIDE / 2, y - TALL / 2];
  const word = healthWord[health] || kind;
  const said = `${label}, ${word}${lit ? ", on the path" : ""}`;
  const over = {
    onPointerEnter: () => onPoint(id),
    onPointerLeave: () => onPoint(undefined),
    onFocus: () => onPoint(id),
    onBlur: () => onPoint(undefined),
  };
  const look = {
    className: classes.node,
    "data-health": health,
    "data-lit": lit || undefined,
    "data-dim": dim || undefined,
    "data-node": id,
    "aria-label": said,
  };
  const drawn = (
    <>
      {lit && (
        <rect
          className={classes.halo}
          x={left - 4}
          y={top - 4}
          width={WIDE + 8}
          height={TALL + 8}
          rx={9}
        />
      )}
      <rect className={classes.card} x={left} y={top} width={WIDE} height={TALL} rx={6} />
      <KindMark kind={kind} x={left + 15} y={y} />
      <text className={classes.label} x={left + 29} y={y - 2}>
        {fit(label, ROOM, 12, 550)}
      </text>
      <text className={classes.word} x={left + 29} y={y + 12}>
        {fit(says || word, ROOM, 10.5)}
      </text>
      {health !== "neutral" && <Shape health={health} x={left + WIDE - 12} y={y} size={5.5} />}
    </>
  );
  if (!to) {
    return (
      <g {...look} {...over} role="button" aria-disabled tabIndex={0}>
        {drawn}
      </g>
    );
  }
  return (
    <a
      {...look}
      {...over}
      href={page.href(to)}
      draggable={false}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        page.go(to);
      }}
    >
      {drawn}
    </a>
  );
});
