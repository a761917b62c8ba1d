/** Drawings of what a box is, on a grid of 16, its middle at 8. */
const drawings: Readonly<Record<string, string>> = {
  service: "M8 1.6 13.6 4.8v6.4L8 14.4 2.4 11.2V4.8z",
  database:
    "M3 4c0-1.2 2.2-2.1 5-2.1s5 .9 5 2.1-2.2 2.1-5 2.1S3 5.2 3 4zM3 4v8c0 1.2 2.2 2.1 5 2.1s5-.9 5-2.1V4",
  queue: "M1.8 4.5h12.4v7H1.8zM5.9 4.5v7M10 4.5v7",
  host: "M2 2.5h12v4.7H2zM2 8.8h12v4.7H2zM4.5 4.9v.1M4.5 11.2v.1",
  pod: "M8 2 13.5 5v6L8 14 2.5 11V5zM2.5 5 8 8l5.5-3M8 8v6",
  deployment: "M8 13.5V3M3.5 7.5 8 3l4.5 4.5",
  config:
    "M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M10.5 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM5.5 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z",
  dataset: "M2 3h12v10H2zM2 6.3h12M2 9.6h12M6.5 3v10",
  model:
    "M5 3.8a1.5 1.5 0 1 0-3 0 1.5 1.5 0 0 0 3 0zM5 12.2a1.5 1.5 0 1 0-3 0 1.5 1.5 0 0 0 3 0zM14 8a1.5 1.5 0 1 0-3 0 1.5 1.5 0 0 0 3 0zM4.9 4.5l6.2 3M4.9 11.5l6.2-3",
  job: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6",
  endpoint: "M2 8h9M7.5 4 11.5 8l-4 4M14 3v10",
  flag: "M4 14V2.5h8.5L10.5 5.7l2 3.2H4",
  user: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14c.6-3 2.8-4.5 5.5-4.5s4.9 1.5 5.5 4.5",
  other: "M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z",
};

const alike: Readonly<Record<string, string>> = {
  cache: "database",
  store: "database",
  table: "dataset",
  feature: "dataset",
  topic: "queue",
  stream: "queue",
  node: "host",
  machine: "host",
  instance: "pod",
  container: "pod",
  workload: "pod",
  release: "deployment",
  version: "deployment",
  configuration: "config",
  pipeline: "job",
  run: "job",
  operation: "endpoint",
  route: "endpoint",
  team: "user",
};

export const drawingOf = (kind: string): string =>
  drawings[kind] ?? drawings[alike[kind] ?? "other"] ?? "";

/** A kind's drawing with its middle at a point. */
export function KindMark({
  kind,
  x,
  y,
  size = 15,
}: {
  kind: string;
  x: number;
  y: number;
  size?: number;
}) {
  return (
    <path
      transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 16})`}
      d={drawingOf(kind)}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  );
}
