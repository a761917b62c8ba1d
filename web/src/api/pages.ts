import type { Section } from "~/api/schema";

export type * from "~/api/schema";

/** Any widget, told apart by `kind`. */
export type Widget = Section["widgets"][number];
export type Kind = Widget["kind"];
export type WidgetOf<K extends Kind> = Extract<Widget, { kind: K }>;
