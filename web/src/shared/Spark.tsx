type Values = ReadonlyArray<number | null>;

interface Props {
  readonly values: Values;
  readonly low?: Values;
  readonly high?: Values;
  readonly width?: number;
  readonly height?: number;
  /** Read out; nothing where the same is said in words beside. */
  readonly label?: string;
}

const numbers = (values: Values): number[] => values.filter((value) => value !== null);

/** SVG paths of a line with gaps: one stroke for each run of values. */
function pathOf(values: Values, x: (i: number) => number, y: (v: number) => number): string {
  let pen = "M";
  let path = "";
  values.forEach((value, i) => {
    if (value === null) pen = "M";
    else {
      path += `${pen}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    }
  });
  return path;
}

function bandOf(low: Values, high: Values, x: (i: number) => number, y: (v: number) => number) {
  const there: number[] = [];
  for (let i = 0; i < low.length; i += 1) {
    if (low[i] !== null && high[i] !== null && high[i] !== undefined) there.push(i);
  }
  if (there.length < 2) return "";
  const point = (of: Values) => (i: number) => `${x(i).toFixed(1)} ${y(of[i] ?? 0).toFixed(1)}`;
  return `M${there.map(point(high)).join("L")}L${there.reverse().map(point(low)).join("L")}Z`;
}

/** A line the size of a word, over the band that was expected where there is one. */
export function Spark({ values, low = [], high = [], width = 96, height = 24, label }: Props) {
  const all = [...numbers(values), ...numbers(low), ...numbers(high)];
  if (numbers(values).length < 2) return null;
  const [min, max] = [Math.min(...all), Math.max(...all)];
  const x = (i: number) => 1.5 + (i / Math.max(values.length - 1, 1)) * (width - 5);
  const y = (v: number) => height - 2.5 - ((v - min) / (max - min || 1)) * (height - 5);
  const last = values.at(-1);
  const said = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  return (
    <svg {...said} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <path d={bandOf(low, high, x, y)} fill="var(--band)" />
      <path
        d={pathOf(values, x, y)}
        fill="none"
        stroke="var(--spark, var(--accent))"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      {typeof last === "number" && (
        <circle cx={x(values.length - 1)} cy={y(last)} r="2" fill="var(--spark, var(--accent))" />
      )}
    </svg>
  );
}
