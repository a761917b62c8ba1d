/** Line drawings on a grid of 16, in the colour of the text around them. */
const paths = {
  overview: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  incidents: "M8 1.8 14.8 13.6H1.2zM8 6v3.6M8 11.6v.2",
  map: "M3.5 5.5a2 2 0 1 0 0-.1M12.5 4.5a2 2 0 1 0 0-.1M8 13.4a2 2 0 1 0 0-.1M5 6l2.2 4.6M11.2 6l-2.3 4.6M5.6 5.2l4.8-.6",
  explore: "M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.8 10.8 14 14",
  delivery: "M1.5 5 8 1.8 14.5 5v6L8 14.2 1.5 11zM1.5 5 8 8.2 14.5 5M8 8.2v6",
  reliability:
    "M8 1.8 13.5 4v4c0 3.4-2.4 5.4-5.5 6.4C4.9 13.4 2.5 11.4 2.5 8V4zM5.6 8l1.8 1.8L10.6 6.4",
  recovery: "M2.5 8a5.5 5.5 0 1 0 1.7-4M2.3 1.8v3h3M8 5.2V8l2 1.6",
  record:
    "M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zM2.5 4v8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2",
  settings:
    "M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M10.5 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM5.5 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z",
  entities: "M8 1.5 13.6 4.750v6.5L8 14.5 2.4 11.250v-6.5z",
  metrics: "M2 2v12h12M4.5 10.5l2.7-3.5 2.3 2 4-5",
  logs: "M2.5 3.5h11M2.5 6.5h8M2.5 9.5h11M2.5 12.5h6",
  traces: "M2 3h7M5 6.5h6M8 10h6M5 13.3h4",
  events: "M2 8h12M4.5 8V4.5M8 8v3.5M11.5 8V3",
  sql: "M3 4.5l3.5 3.5L3 11.5M8 12h5",
  gallery: "M2 2.5h12v11H2zM2 10.5l3.5-3.5 3 3 2-2 3.5 3.5M10.5 5.8v.2",
  page: "M3.5 1.8h6l3 3v9.4h-9zM9.5 1.8v3h3",
  search: "M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.8 10.8 14 14",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6",
  menu: "M2 4h12M2 8h12M2 12h12",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M12.8 3.2l-1 1M4.2 11.8l-1 1",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
  auto: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12",
  refresh: "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.7 1.8v3h-3",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  left: "M10 3 5 8l5 5",
  right: "M6 3l5 5-5 5",
  down: "M3.5 6 8 10.5 12.5 6",
  up: "M3.5 10 8 5.5l4.5 4.5",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  filter: "M2 3h12l-4.7 5.5v4.5l-2.6-1.3V8.5z",
  help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.2a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.2M8 11.3v.2",
  leave: "M6.5 2.5h-4v11h4M6.5 8h7M11 5l3 3-3 3",
  more: "M3.5 8v.1M8 8v.1M12.5 8v.1",
} as const;

export type IconName = keyof typeof paths;

export const isIcon = (name: string): name is IconName => name in paths;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: "none" }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
