import type { Health } from "~/api/pages";

interface Props {
  readonly health: Health;
  readonly x: number;
  readonly y: number;
  readonly size?: number;
}

const points: Partial<Record<Health, string>> = {
  bad: "0,-1.15 1.15,0 0,1.15 -1.15,0",
  warning: "0,-1.1 1.15,.95 -1.15,.95",
};

/** A health inside of a picture: the shapes of `HealthMark`, centred on a point. */
export function Shape({ health, x, y, size = 6 }: Props) {
  const at = `translate(${x} ${y}) scale(${size})`;
  const corners = points[health];
  if (corners) return <polygon transform={at} points={corners} fill="var(--health-fill)" />;
  if (health === "unknown") {
    return (
      <circle
        transform={at}
        r={0.85}
        fill="none"
        stroke="var(--health-fill)"
        strokeWidth={0.35}
        strokeDasharray=".55 .4"
      />
    );
  }
  return <circle transform={at} r={health === "neutral" ? 0.7 : 1} fill="var(--health-fill)" />;
}
