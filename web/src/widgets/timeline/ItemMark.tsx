import { memo } from "react";
import { fit } from "~/shared/charts/fit";
import { Shape } from "~/shared/charts/Shape";
import type { Item } from "~/widgets/timeline/place";
import classes from "./Timeline.module.css";

export const ROW = 24;
const TALL = 18;
const SIZE = 11;

interface Props {
  readonly item: Item;
  readonly y: number;
  readonly chosen: boolean;
}

/** The name inside of a bar where it has room there, else beside it. */
function Name({ item, y }: Omit<Props, "chosen">) {
  const { x, width, inside, beside } = item;
  const [moment] = item.moments;
  if (!moment) return null;
  const weight = moment.lit ? 650 : 400;
  const within = fit(moment.says, inside, SIZE, weight);
  if (within === moment.says || inside >= beside) {
    return within ? (
      <text className={classes.inside} x={x + 19} y={y + 16}>
        {within}
      </text>
    ) : null;
  }
  return (
    <text className={classes.beside} x={x + width + 5} y={y + 16}>
      {fit(moment.says, beside, SIZE, weight)}
    </text>
  );
}

function Stretch({ item, y }: Omit<Props, "chosen">) {
  const { x, width, before, after } = item;
  return (
    <>
      <path className={classes.stretch} d={outline(x, y + 3, width, TALL, before, after)} />
      {width > 18 && <Shape health={item.health} x={x + 10} y={y + 12} size={4.5} />}
      <Name item={item} y={y} />
    </>
  );
}

/** A bar; an end that is not its own end is an arrow. */
function outline(
  x: number,
  y: number,
  wide: number,
  tall: number,
  before: boolean,
  after: boolean,
) {
  const tip = Math.min(6, wide / 2);
  const [right, bottom, middle] = [x + wide, y + tall, y + tall / 2];
  const end = after
    ? `H${right - tip}L${right} ${middle}L${right - tip} ${bottom}`
    : `H${right - 3}Q${right} ${y} ${right} ${y + 3}V${bottom - 3}Q${right} ${bottom} ${right - 3} ${bottom}`;
  const begin = before
    ? `H${x}L${x + tip} ${middle}Z`
    : `H${x + 3}Q${x} ${bottom} ${x} ${bottom - 3}V${y + 3}Q${x} ${y} ${x + 3} ${y}Z`;
  return `M${before ? x : x + 3} ${y}${end}${begin}`;
}

function Crowd({ item, y }: Omit<Props, "chosen">) {
  const n = item.moments.length;
  const said = n > 999 ? `${Math.round(n / 1000)}k` : String(n);
  return (
    <>
      <rect
        className={classes.crowd}
        x={item.x}
        y={y + 3}
        width={item.width}
        height={TALL}
        rx={9}
      />
      <text className={classes.count} x={item.x + item.width / 2} y={y + 16}>
        {said}
      </text>
    </>
  );
}

function Point({ item, y }: Omit<Props, "chosen">) {
  const [moment] = item.moments;
  const middle = item.x + item.width / 2;
  return (
    <>
      {moment?.lit && <circle className={classes.halo} cx={middle} cy={y + 12} r={10} />}
      <Shape health={item.health} x={middle} y={y + 12} size={moment?.lit ? 6.5 : 5.5} />
      <Name item={item} y={y} />
    </>
  );
}

/** One item of a lane. */
export const ItemMark = memo(function ItemMark({ item, y, chosen }: Props) {
  const top = y + item.row * ROW;
  const [moment] = item.moments;
  const many = item.moments.length > 1;
  const point = !many && item.width === 15;
  const Look = many ? Crowd : point ? Point : Stretch;
  return (
    <g
      className={classes.item}
      data-health={item.health}
      data-lit={moment?.lit || undefined}
      data-chosen={chosen || undefined}
      data-item={moment?.id}
    >
      <rect
        className={classes.catch}
        x={item.x - 2}
        y={top}
        width={Math.max(item.width + 4, 24)}
        height={ROW}
      />
      <Look item={item} y={top} />
    </g>
  );
});
