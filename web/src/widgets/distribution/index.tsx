import type { Share } from "~/api/pages";
import { linear, ticks } from "~/shared/charts/scale";
import { Twin, TwinTable } from "~/shared/charts/Twin";
import { count, quantity } from "~/shared/format";
import { useWidth } from "~/shared/useSize";
import { above, placed } from "~/widgets/distribution/quantiles";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Distribution.module.css";

const HEIGHT = 190;
const TOP = 34;
const FOOT = 22;

type Props = Pick<WidgetProps<"distribution">, "widget">;

const sum = (shares: readonly Share[]): number => shares.reduce((all, each) => all + each.n, 0);

function said({ widget }: Props): string {
  const quantiles = Object.entries(widget.quantiles).map(
    ([name, value]) => `${name} ${quantity(value, widget.unit)}`,
  );
  return `${widget.title || "Distribution"}: ${count(sum(widget.shares))} values; ${quantiles.join(", ")}`;
}

function Bars({ widget }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const { shares, unit } = widget;
  const [low, high] = [shares[0]?.low ?? 0, shares.at(-1)?.high ?? 1];
  const most = Math.max(1, ...shares.map((each) => each.n));
  const x = linear(low, high, 1, Math.max(width - 1, 2));
  const y = linear(0, most, HEIGHT - FOOT, TOP);
  const all = sum(shares) || 1;
  return (
    <div ref={box} className={classes.box}>
      <svg width={width} height={HEIGHT} role="img" aria-label={said({ widget })}>
        {shares.map((share) => (
          <g key={share.low} className={classes.bar}>
            <rect
              x={x(share.low) + 0.5}
              width={Math.max(x(share.high) - x(share.low) - 1, 1)}
              y={share.n === 0 ? y(0) : Math.min(y(share.n), y(0) - 1.5)}
              height={share.n === 0 ? 0 : Math.max(y(0) - y(share.n), 1.5)}
            />
            <rect
              className={classes.catch}
              x={x(share.low)}
              width={Math.max(x(share.high) - x(share.low), 1)}
              y={TOP}
              height={y(0) - TOP}
            >
              <title>
                {`${quantity(share.low, unit)} to ${quantity(share.high, unit)}: ${count(share.n)} (${quantity(share.n / all, "%")}); ${quantity(above(shares, share.high) / all, "%")} lie above`}
              </title>
            </rect>
          </g>
        ))}
        <path className={classes.axis} d={`M0 ${y(0) + 0.5}H${width}`} />
        {ticks(low, high, Math.max(Math.floor(width / 80), 2)).map((value) => (
          <text
            key={value}
            className={classes.tick}
            x={x(value)}
            y={HEIGHT - 6}
            textAnchor={x(value) < 24 ? "start" : x(value) > width - 24 ? "end" : "middle"}
          >
            {quantity(value, unit)}
          </text>
        ))}
        {placed(widget.quantiles, x, width).map(({ name, value, at, row }) => (
          <g key={name}>
            <path className={classes.line} d={`M${at} ${12 + row * 12}V${y(0)}`} />
            <text
              className={classes.name}
              x={at + (at > width - 90 ? -4 : 4)}
              y={10 + row * 12}
              textAnchor={at > width - 90 ? "end" : "start"}
            >
              {name} {quantity(value, unit)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** How values lie: bars, and lines at the quantiles. */
export default function Distribution({ widget }: WidgetProps<"distribution">) {
  const { shares, unit, quantiles } = widget;
  return (
    <Twin
      of={widget.title || "Distribution"}
      picture={<Bars widget={widget} />}
      table={() => (
        <TwinTable
          caption={widget.title}
          head={["From", "To", "Values"]}
          rows={[
            ...shares.map((s) => [quantity(s.low, unit), quantity(s.high, unit), count(s.n)]),
            ...Object.entries(quantiles).map(([name, value]) => [name, quantity(value, unit), ""]),
          ]}
        />
      )}
      beside={<span className={classes.note}>{count(sum(shares))} values</span>}
    />
  );
}
