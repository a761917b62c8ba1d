// Made by `npm run types` from openapi.json. Do not edit.

/** A verb offered where its object is seen: a request to the API. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly confirm: string;
  readonly danger: boolean;
  readonly disabled: string;
  readonly key: string;
  readonly ask: string;
}

/** Days in columns; entries such as shifts, freezes, windows. */
export interface Calendar {
  readonly kind: "calendar";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly from_ms: number;
  readonly until_ms: number;
  readonly entries: ReadonlyArray<CalendarEntry>;
}

/** Who or what, from when until when. */
export interface CalendarEntry {
  readonly id: string;
  readonly lane: string;
  readonly from_ms: number;
  readonly until_ms: number;
  readonly says: string;
  readonly health: Health;
  readonly to: string;
}

/** One value of a row; None is "no data". */
export interface Cell {
  readonly value: number | string | null;
  readonly health: Health | null;
  readonly to: string;
  readonly hint: string;
  readonly trend: ReadonlyArray<number | null>;
}

/** ``shows`` says how cells are drawn. */
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly shows: string;
  readonly sortable: boolean;
  readonly hide_on_phone: boolean;
}

/** A choice in the head of a page that becomes the query parameter ``param``. */
export interface Control {
  readonly param: string;
  readonly title: string;
  readonly value: string;
  readonly options: ReadonlyArray<Option>;
}

/** A step of the way back. */
export interface Crumb {
  readonly title: string;
  readonly to: string;
}

/** Two texts; the console marks the lines that differ. */
export interface Diff {
  readonly kind: "diff";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly before: string;
  readonly after: string;
  readonly before_title: string;
  readonly after_title: string;
}

/** What was suspected and is not any more, with the reason. */
export interface Dismissal {
  readonly entity: string;
  readonly entity_to: string;
  readonly says: string;
  readonly reason: string;
  readonly evidence: ReadonlyArray<Proof>;
}

/** A histogram with its quantiles (``p50`` and so on). */
export interface Distribution {
  readonly kind: "distribution";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly unit: string;
  readonly shares: ReadonlyArray<Share>;
  readonly quantiles: Readonly<Record<string, number>>;
}

/** An arrow between two nodes' ids. */
export interface Edge {
  readonly source: string;
  readonly target: string;
  readonly kind: string;
  readonly says: string;
  readonly lit: boolean;
}

/** A filter; ``param`` is the query parameter of the page. */
export interface Facet {
  readonly param: string;
  readonly title: string;
  readonly values: ReadonlyArray<FacetValue>;
}

/** One choice of a facet, with how many rows have it under the other filters. */
export interface FacetValue {
  readonly value: string;
  readonly title: string;
  readonly n: number;
  readonly chosen: boolean;
}

/** A word and its value in the head of a page; times as ``at_ms``. */
export interface Fact {
  readonly title: string;
  readonly text: string;
  readonly at_ms: number | null;
  readonly since_ms: number | null;
  readonly health: Health;
  readonly to: string;
}

/** ``input``: text, area, number, select, many, toggle, time, secret, code. */
export interface Field {
  readonly name: string;
  readonly title: string;
  readonly input: string;
  readonly value: string | number | boolean | ReadonlyArray<string> | null;
  readonly options: ReadonlyArray<Option>;
  readonly required: boolean;
  readonly help: string;
}

/** Fields and what sends them. With ``into_url`` they become the page's query parameters. */
export interface Form {
  readonly kind: "form";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly fields: ReadonlyArray<Field>;
  readonly submit: Action | null;
  readonly into_url: boolean;
  readonly submit_title: string;
  readonly shows_answer: boolean;
}

/** A map or a lineage; never more than about a hundred nodes. */
export interface Graph {
  readonly kind: "graph";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyArray<Node>;
  readonly edges: ReadonlyArray<Edge>;
  readonly left_out: number;
}

/** Shown by colour, shape and word; UNKNOWN is "no data", and never looks good. */
export type Health = "bad" | "good" | "neutral" | "unknown" | "warning";

/** Everything at a glance. */
export interface Honeycomb {
  readonly kind: "honeycomb";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly groups: ReadonlyArray<HoneycombGroup>;
}

/** One entity. */
export interface HoneycombCell {
  readonly id: string;
  readonly label: string;
  readonly health: Health;
  readonly says: string;
  readonly to: string;
}

/** Cells of one team or domain, worst first. */
export interface HoneycombGroup {
  readonly title: string;
  readonly cells: ReadonlyArray<HoneycombCell>;
}

/** The tree of causes: ranked ones, then the dismissed ones in grey. */
export interface Hypotheses {
  readonly kind: "hypotheses";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly causes: ReadonlyArray<Hypothesis>;
  readonly dismissed: ReadonlyArray<Dismissal>;
  readonly no_change_is_guilty: number | null;
}

/** One ranked cause. */
export interface Hypothesis {
  readonly id: string;
  readonly rank: number;
  readonly entity: string;
  readonly entity_to: string;
  readonly says: string;
  readonly kind: string;
  readonly change: string;
  readonly change_to: string;
  readonly score: number;
  readonly onset_ms: number | null;
  readonly parts: ReadonlyArray<Part>;
  readonly evidence: ReadonlyArray<Proof>;
  readonly falsified_by: ReadonlyArray<string>;
  readonly spark: ReadonlyArray<number | null>;
  readonly spark_low: ReadonlyArray<number | null>;
  readonly spark_high: ReadonlyArray<number | null>;
  readonly spark_says: string;
  readonly actions: ReadonlyArray<Action>;
}

/** A row of a timeline. */
export interface Lane {
  readonly id: string;
  readonly title: string;
}

/** One series, reduced to at most 2,000 points; None is a gap. */
export interface Line {
  readonly name: string;
  readonly y: ReadonlyArray<number | null>;
  readonly low: ReadonlyArray<number | null>;
  readonly high: ReadonlyArray<number | null>;
  readonly health: Health;
  readonly dashed: boolean;
}

/** Lines, newest last; ``next`` is the value of ``{id}.after`` for older ones. */
export interface Log {
  readonly kind: "log";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly lines: ReadonlyArray<LogLine>;
  readonly next: string;
}

/** One line; ``template`` groups lines that differ in parameters only. */
export interface LogLine {
  readonly id: string;
  readonly at_ms: number;
  readonly entity: string;
  readonly text: string;
  readonly severity: string;
  readonly health: Health;
  readonly template: string;
  readonly to: string;
}

/** A moment or a stretch on a series. */
export interface Mark {
  readonly at_ms: number;
  readonly until_ms: number | null;
  readonly says: string;
  readonly health: Health;
  readonly to: string;
}

/** Rows by columns, each cell live. */
export interface Matrix {
  readonly kind: "matrix";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly columns: ReadonlyArray<string>;
  readonly rows: ReadonlyArray<MatrixRow>;
}

/** ``text`` is the one number that matters; ``says`` where it comes from. */
export interface MatrixCell {
  readonly health: Health;
  readonly text: string;
  readonly says: string;
  readonly to: string;
}

/** A practice; ``lit`` where it belongs to the viewer's role. */
export interface MatrixRow {
  readonly title: string;
  readonly cells: ReadonlyArray<MatrixCell | null>;
  readonly lit: boolean;
  readonly to: string;
}

/** One thing that happened; a stretch when it has an end. */
export interface Moment {
  readonly id: string;
  readonly lane: string;
  readonly at_ms: number;
  readonly until_ms: number | null;
  readonly open: boolean;
  readonly says: string;
  readonly detail: string;
  readonly health: Health;
  readonly to: string;
  readonly lit: boolean;
}

/** ``x`` and ``y`` in pixels of the graph's own size; the centre of a box of 168 x 40. */
export interface Node {
  readonly id: string;
  readonly label: string;
  readonly kind: string;
  readonly health: Health;
  readonly x: number;
  readonly y: number;
  readonly says: string;
  readonly to: string;
  readonly lit: boolean;
}

/** Plain paragraphs; never markup from a payload. */
export interface Note {
  readonly kind: "note";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly paragraphs: ReadonlyArray<string>;
  readonly health: Health;
  readonly code: string;
  readonly to: string;
  readonly to_title: string;
}

/** ``value`` goes into the query or the body, ``title`` is read. */
export interface Option {
  readonly value: string;
  readonly title: string;
}

/** What ``GET pages/PATH`` answers. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly lead: string;
  readonly health: Health;
  readonly health_text: string;
  readonly crumbs: ReadonlyArray<Crumb>;
  readonly facts: ReadonlyArray<Fact>;
  readonly controls: ReadonlyArray<Control>;
  readonly actions: ReadonlyArray<Action>;
  readonly sections: ReadonlyArray<Section>;
  readonly timed: boolean;
  readonly as_of_ms: number;
}

/** One part of a score, between -1 and 1 or in nats; ``says`` what it means. */
export interface Part {
  readonly name: string;
  readonly value: number;
  readonly says: string;
}

/** How far a run, a rebuild or a plan has come. */
export interface Progress {
  readonly kind: "progress";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly stages: ReadonlyArray<Stage>;
  readonly done: number | null;
}

/** What a number came from. */
export interface Proof {
  readonly says: string;
  readonly n: number | null;
  readonly ids: ReadonlyArray<string>;
  readonly excluded: Readonly<Record<string, number>>;
}

/** Cells by column key; ``to`` opens the row's page. */
export interface Row {
  readonly id: string;
  readonly cells: Readonly<Record<string, Cell>>;
  readonly to: string;
  readonly health: Health | null;
  readonly actions: ReadonlyArray<string>;
}

/** Widgets that belong together; several with a ``tab`` are shown one at a time. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly widgets: ReadonlyArray<Stat | Table | Series | Distribution | Timeline | Graph | Honeycomb | Matrix | Calendar | Waterfall | Hypotheses | Progress | Diff | Log | Form | Note>;
  readonly folded: boolean;
  readonly tab: boolean;
}

/** Lines over one axis of time. */
export interface Series {
  readonly kind: "series";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly x_ms: ReadonlyArray<number>;
  readonly lines: ReadonlyArray<Line>;
  readonly unit: string;
  readonly marks: ReadonlyArray<Mark>;
  readonly threshold: number | null;
  readonly height: number;
}

/** One bar of a distribution: ``low <= value < high``. */
export interface Share {
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** One step of a run; ``state`` is a word of its own practice. */
export interface Stage {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly health: Health;
  readonly says: string;
  readonly from_ms: number | null;
  readonly until_ms: number | null;
}

/** One number. ``value`` None is shown as "no data". */
export interface Stat {
  readonly kind: "stat";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly value: number | null;
  readonly unit: string;
  readonly text: string;
  readonly health: Health;
  readonly trend: ReadonlyArray<number | null>;
  readonly to: string;
}

/** Of a widget. ``loading`` is the console's own and never sent. */
export type State = "denied" | "empty" | "error" | "ok";

/** Rows of one server-made page. Paging, sorting and filters are query parameters of the page: ``{id}.after``, ``{id}.sort`` (``key`` or ``-key``), ``{id}.q``, and those of the facets. */
export interface Table {
  readonly kind: "table";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly columns: ReadonlyArray<Column>;
  readonly rows: ReadonlyArray<Row>;
  readonly total: number | null;
  readonly next: string;
  readonly previous: string;
  readonly sort: string;
  readonly q: string | null;
  readonly q_hint: string;
  readonly facets: ReadonlyArray<Facet>;
  readonly bulk: ReadonlyArray<string>;
}

/** Lanes over one axis of time, zoomable; the same as a list for those who cannot see it. */
export interface Timeline {
  readonly kind: "timeline";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly from_ms: number;
  readonly until_ms: number;
  readonly lanes: ReadonlyArray<Lane>;
  readonly moments: ReadonlyArray<Moment>;
}

/** One trace. */
export interface Waterfall {
  readonly kind: "waterfall";
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly span: number;
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to: string;
  readonly proof: Proof | null;
  readonly topics: ReadonlyArray<string>;
  readonly actions: ReadonlyArray<Action>;
  readonly total_ms: number;
  readonly spans: ReadonlyArray<WaterfallSpan>;
  readonly left_out: number;
}

/** One span; ``depth`` from 0, in the order in which it is drawn. */
export interface WaterfallSpan {
  readonly id: string;
  readonly name: string;
  readonly entity: string;
  readonly depth: number;
  readonly start_ms: number;
  readonly duration_ms: number;
  readonly self_ms: number;
  readonly health: Health;
  readonly says: string;
}
