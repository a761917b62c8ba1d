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

/** One action on one target. Arguments are typed values, never text to be interpolated. */
export interface ActionCall {
  readonly action: string;
  readonly target: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly key: string;
}

/** One episode. ``fingerprint`` names the alert, ``id`` the episode (fingerprint + start). */
export interface Alert {
  readonly type: "alert";
  readonly id: string;
  readonly tenant: string;
  readonly schema_version: number;
  readonly fingerprint: string;
  readonly source: string;
  readonly entity: string;
  readonly indicator: string;
  readonly severity: Severity;
  readonly status: AlertStatus;
  readonly symptom: boolean;
  readonly says: string;
  readonly unit: string;
  readonly seen: number | null;
  readonly expected_low: number | null;
  readonly expected_high: number | null;
  readonly score: number;
  readonly started_ns: number;
  readonly observed_ns: number;
  readonly updated_ns: number;
  readonly ended_ns: number | null;
  readonly ended_by: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly evidence: ReadonlyArray<Evidence>;
}

/** Firing and resolved are states of one alert. */
export type AlertStatus = "firing" | "resolved";

/** Somebody's answer to a plan; bound to its hash, expires, re-checked at dispatch. */
export interface Approval {
  readonly type: "approval";
  readonly id: string;
  readonly tenant: string;
  readonly schema_version: number;
  readonly run: string;
  readonly plan_hash: string;
  readonly status: string;
  readonly requested_by: string;
  readonly principal: string;
  readonly requested_ns: number;
  readonly decided_ns: number | null;
  readonly expires_ns: number;
  readonly reason: string;
}

/** One link of the audit trail: ``hash`` covers the entry and the previous link's hash. */
export interface AuditEntry {
  readonly number: number;
  readonly at_ns: number;
  readonly principal: string;
  readonly verb: string;
  readonly object: string;
  readonly says: string;
  readonly tenant: string;
  readonly previous: string;
  readonly hash: string;
}

/** State of an SLO's budget. ``None`` is *no data*, never zero and never good. */
export interface Budget {
  readonly slo: string;
  readonly at_ns: number;
  readonly good: number | null;
  readonly total: number | null;
  readonly remaining: number | null;
  readonly burn_rate: number | null;
  readonly evidence: ReadonlyArray<Evidence>;
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

/** A ranked hypothesis. ``change`` None says that no change of ours caused it. */
export interface Cause {
  readonly rank: number;
  readonly entity: string;
  readonly indicator: string;
  readonly kind: CauseKind;
  readonly change: string | null;
  readonly score: number;
  readonly confidence: number;
  readonly onset_ns: number | null;
  readonly says: string;
  readonly parts: Readonly<Record<string, number>>;
  readonly evidence: ReadonlyArray<Evidence>;
  readonly falsified_by: ReadonlyArray<string>;
  readonly arguments: Readonly<Record<string, string>>;
}

/** The mechanism of a cause; runbooks match on it. */
export type CauseKind = "configuration" | "consumer" | "contention" | "credential" | "data" | "deployment" | "flag" | "load" | "model" | "outside" | "saturation" | "storage" | "unknown" | "unresponsive";

/** One value of a row; None is "no data". */
export interface Cell {
  readonly value: number | string | null;
  readonly health: Health | null;
  readonly to: string;
  readonly hint: string;
  readonly trend: ReadonlyArray<number | null>;
}

/** One change as its source reported it. */
export interface Change {
  readonly type: "change";
  readonly id: string;
  readonly tenant: string;
  readonly schema_version: number;
  readonly source: string;
  readonly kind: ChangeKind;
  readonly entity: string;
  readonly at_ns: number;
  readonly observed_ns: number;
  readonly recorded_ns: number;
  readonly finished_ns: number | null;
  readonly summary: string;
  readonly author: string;
  readonly version_from: string;
  readonly version_to: string;
  readonly commits: ReadonlyArray<string>;
  readonly files: ReadonlyArray<string>;
  readonly lines_added: number;
  readonly lines_deleted: number;
  readonly outcome: string;
  readonly caused_by: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What was changed. */
export type ChangeKind = "artifact" | "build" | "commit" | "configuration" | "credential" | "data_version" | "deployment" | "flag" | "model_version" | "other" | "scaling" | "schema";

/** Alerts to split off, or incidents to merge; ``other``: the same as text, parted by blanks. */
export interface Chosen {
  readonly ids: ReadonlyArray<string>;
  readonly other: string;
  readonly note: string;
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

/** Per-payload arithmetic: ``received == stored + deduplicated + generic + refused + pending`` and ``lost == received - that sum``, so ``lost`` must be 0. */
export interface Counts {
  readonly received: number;
  readonly stored: number;
  readonly deduplicated: number;
  readonly generic: number;
  readonly refused: number;
  readonly pending: number;
  readonly lost: number;
}

/** A step of the way back. */
export interface Crumb {
  readonly title: string;
  readonly to: string;
}

/** Somebody's answer; ``plan_hash`` proves which plan they saw. */
export interface Decision {
  readonly decision: "approve" | "reject";
  readonly plan_hash: string;
  readonly reason: string;
}

/** One verb on the incidents ``ids``. ``to``: whom it is assigned to, oneself when empty. */
export interface Deed {
  readonly verb: "acknowledge" | "assign" | "close" | "noise" | "right_cause" | "wrong_cause";
  readonly ids: ReadonlyArray<string>;
  readonly to: string;
  readonly note: string;
}

/** One deployment with what became of it. ``recovery_s`` None: not failed, or not recovered. */
export interface Deployment {
  readonly change: Change;
  readonly failed: boolean;
  readonly rollback: boolean;
  readonly in_flight: boolean;
  readonly incident: string | null;
  readonly recovery_s: number | null;
  readonly evidence: ReadonlyArray<Evidence>;
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

/** What an action would change: the answer of a dry run. */
export interface DiffFact {
  readonly call: ActionCall;
  readonly says: string;
  readonly before: string;
  readonly after: string;
  readonly entities: ReadonlyArray<string>;
}

/** What was suspected and is not any more, with the reason. */
export interface Dismissal {
  readonly entity: string;
  readonly entity_to: string;
  readonly says: string;
  readonly reason: string;
  readonly evidence: ReadonlyArray<Proof>;
}

/** A hypothesis that was considered and put aside, with the reason. */
export interface Dismissed {
  readonly entity: string;
  readonly reason: string;
  readonly change: string | null;
  readonly indicator: string;
  readonly evidence: ReadonlyArray<Evidence>;
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

/** What can fail, change or be owned. ``id`` is opaque, ``ref`` its canonical spelling. */
export interface Entity {
  readonly type: "entity";
  readonly id: string;
  readonly tenant: string;
  readonly schema_version: number;
  readonly ref: string;
  readonly kind: string;
  readonly name: string;
  readonly environment: string;
  readonly namespace: string;
  readonly outside: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly first_seen_ns: number;
  readonly last_seen_ns: number;
}

/** A resolvable pointer to records, with what they say. */
export interface Evidence {
  readonly id: string;
  readonly says: string;
  readonly n: number;
  readonly excluded: Readonly<Record<string, number>>;
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

/** What ``GET find`` answers: the nearest first. */
export interface Found {
  readonly items: ReadonlyArray<Hit>;
}

/** UNKNOWN never passes silently. */
export type Gate = "FAIL" | "PASS" | "UNKNOWN";

/** A gate's answer with its reasons, one sentence each. */
export interface GateResult {
  readonly gate: string;
  readonly verdict: Gate;
  readonly reasons: ReadonlyArray<string>;
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

/** The data of an event ``news``. No ``ids``: several. */
export interface Heard {
  readonly topic: Topic;
  readonly ids: ReadonlyArray<string>;
  readonly at_ms: number;
}

/** ``kind``: page, entity, incident, change, run, runbook. */
export interface Hit {
  readonly title: string;
  readonly says: string;
  readonly to: string;
  readonly kind: string;
}

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

/** Alerts that belong together. ``started_ns`` is the onset, ``opened_ns`` when we said so. */
export interface Incident {
  readonly type: "incident";
  readonly id: string;
  readonly tenant: string;
  readonly schema_version: number;
  readonly status: IncidentStatus;
  readonly title: string;
  readonly severity: Severity;
  readonly entities: ReadonlyArray<string>;
  readonly alerts: ReadonlyArray<string>;
  readonly joins: ReadonlyArray<Join>;
  readonly apart: ReadonlyArray<string>;
  readonly started_ns: number;
  readonly opened_ns: number;
  readonly explained_ns: number | null;
  readonly recovered_ns: number | null;
  readonly closed_ns: number | null;
  readonly acknowledged_ns: number | null;
  readonly owners: ReadonlyArray<string>;
  readonly updated_ns: number;
  readonly causes: ReadonlyArray<Cause>;
  readonly dismissed: ReadonlyArray<Dismissed>;
  readonly no_change_is_guilty: number | null;
  readonly runs: ReadonlyArray<string>;
  readonly timeline: ReadonlyArray<TimelineEntry>;
  readonly version: number;
}

/** States; :data:`TRANSITIONS` says which may follow which. */
export type IncidentStatus = "closed" | "explained" | "open" | "recovered" | "recovering";

/** Why an alert belongs to an incident: ``rule`` (topology, time, content, operator ...). */
export interface Join {
  readonly alert: string;
  readonly rule: string;
  readonly says: string;
  readonly score: number;
}

/** An operator's verdict: ``right_cause``, ``wrong_cause``, ``noise``, ``merge``, ``split``. */
export interface Label {
  readonly type: "label";
  readonly id: string;
  readonly tenant: string;
  readonly schema_version: number;
  readonly incident: string;
  readonly verdict: string;
  readonly by: string;
  readonly at_ns: number;
  readonly cause_kind: string;
  readonly runbook: string;
  readonly entity: string;
  readonly other: ReadonlyArray<string>;
  readonly fingerprints: ReadonlyArray<string>;
  readonly severities: ReadonlyArray<Severity>;
  readonly note: string;
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

/** What ``GET pages`` answers. */
export interface Nav {
  readonly items: ReadonlyArray<NavItem>;
}

/** An entry of the navigation; ``key`` opens it after ``g``. */
export interface NavItem {
  readonly path: string;
  readonly title: string;
  readonly group: string;
  readonly key: string;
  readonly health: Health | null;
  readonly count: number | null;
}

/** ``token`` is the secret: shown this once, kept nowhere. */
export interface NewToken {
  readonly token: string;
  readonly id: string;
  readonly name: string;
  readonly scopes: ReadonlyArray<string>;
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

/** What a run is going to do. ``hash`` covers everything but itself; approvals bind to it. */
export interface Plan {
  readonly runbook: string;
  readonly incident: string;
  readonly cause_kind: string;
  readonly calls: ReadonlyArray<ActionCall>;
  readonly compensations: ReadonlyArray<ActionCall | null>;
  readonly predicates: ReadonlyArray<Predicate>;
  readonly risk: string;
  readonly created_ns: number;
  readonly says: string;
  readonly hash: string;
}

/** What must hold after the actions: ``kind`` is ``alerts_resolved`` (the incident's symptoms), ``indicator_in_band`` (entity + indicator) or ``effect_present`` (probe of the action). */
export interface Predicate {
  readonly kind: string;
  readonly entity: string;
  readonly indicator: string;
  readonly within_s: number;
  readonly hold_s: number;
}

/** Every refusal: what is wrong, in which field, and what to do next. */
export interface Problem {
  readonly error: string;
  readonly field: string;
  readonly action: string;
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

/** One SELECT over points, logs, spans, events, applied. */
export interface Query {
  readonly sql: string;
  readonly limit: number;
}

/** ``source kind target``, valid from ``valid_from_ns`` until ``valid_to_ns`` (None: still). */
export interface Relation {
  readonly type: "relation";
  readonly source: string;
  readonly kind: RelationKind;
  readonly target: string;
  readonly tenant: string;
  readonly valid_from_ns: number;
  readonly valid_to_ns: number | null;
  readonly recorded_ns: number;
  readonly origin: string;
}

/** ``source KIND target``: what the source does to, or is to, the target. */
export type RelationKind = "built_from" | "calls" | "depends_on" | "deployed_to" | "owned_by" | "reads" | "runs_on" | "serves" | "trained_on" | "writes";

/** Which records to parse again: by number, by part of the reason, or all. */
export interface Replay {
  readonly seqs: ReadonlyArray<number> | null;
  readonly ids: ReadonlyArray<string> | null;
  readonly reason: string | null;
}

/** ``status`` is ``found``, ``expired`` (retention took the records), or ``none``. */
export interface Resolved {
  readonly id: string;
  readonly status: string;
  readonly says: string;
  readonly table: string;
  readonly records: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly truncated: boolean;
}

/** Cells by column key; ``to`` opens the row's page. */
export interface Row {
  readonly id: string;
  readonly cells: Readonly<Record<string, Cell>>;
  readonly to: string;
  readonly health: Health | null;
  readonly actions: ReadonlyArray<string>;
}

/** One execution of a pipeline, with plan, gates, diffs, steps and verification. */
export interface Run {
  readonly type: "run";
  readonly id: string;
  readonly tenant: string;
  readonly schema_version: number;
  readonly pipeline: string;
  readonly kind: string;
  readonly status: RunStatus;
  readonly incident: string;
  readonly cause: string;
  readonly plan: Plan | null;
  readonly gates: ReadonlyArray<GateResult>;
  readonly diffs: ReadonlyArray<DiffFact>;
  readonly approval: string;
  readonly steps: ReadonlyArray<StepRecord>;
  readonly verified: boolean | null;
  readonly verification: ReadonlyArray<string>;
  readonly started_ns: number;
  readonly ended_ns: number | null;
  readonly says: string;
}

/** State of a run. */
export type RunStatus = "acting" | "compensated" | "failed" | "planned" | "refused" | "succeeded" | "unknown" | "verifying" | "waiting";

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

/** How bad, in falling order. */
export type Severity = "critical" | "info" | "warning";

/** One bar of a distribution: ``low <= value < high``. */
export interface Share {
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** One of both: a token's secret, or the code of a sign-in link. */
export interface SignInBody {
  readonly token?: string;
  readonly once?: string;
}

/** A link that signs in once: ``path`` below the server's address. */
export interface SignInCode {
  readonly code: string;
  readonly path: string;
  readonly expires_ms: number;
}

/** Who is signed in, and what they may do. */
export interface SignedIn {
  readonly name: string;
  readonly scopes: ReadonlyArray<string>;
  readonly expires_ms: number | null;
}

/** A ratio objective: share of good events of ``entity`` over ``window_s`` must be >= target. */
export interface Slo {
  readonly type: "slo";
  readonly id: string;
  readonly tenant: string;
  readonly schema_version: number;
  readonly name: string;
  readonly entity: string;
  readonly sli: string;
  readonly operation: string;
  readonly threshold_ms: number | null;
  readonly target: number;
  readonly window_s: number;
}

/** An objective with its budget now and before (for pages and the demo's summary). */
export interface SloState {
  readonly slo: Slo;
  readonly budget: Budget;
  readonly history: ReadonlyArray<Budget>;
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

/** What one step did, as recorded around the effect. */
export interface StepRecord {
  readonly name: string;
  readonly status: StepStatus;
  readonly at_ns: number;
  readonly says: string;
  readonly key: string;
  readonly attempt: number;
}

/** State of one step of a run. */
export type StepStatus = "done" | "failed" | "intent" | "skipped" | "unknown";

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

/** One line of an incident's timeline. */
export interface TimelineEntry {
  readonly at_ns: number;
  readonly kind: string;
  readonly says: string;
  readonly ref: string;
}

/** ``scopes``: ingest, read, approve, admin. */
export interface TokenBody {
  readonly name: string;
  readonly scopes: ReadonlyArray<string>;
}

/** A token without its secret. */
export interface TokenTold {
  readonly id: string;
  readonly name: string;
  readonly scopes: ReadonlyArray<string>;
  readonly created_ms: number;
}

/** What ``GET tokens`` answers. */
export interface Tokens {
  readonly items: ReadonlyArray<TokenTold>;
}

/** What news are about; widgets name those that make them old. */
export type Topic = "alerts" | "approvals" | "changes" | "entities" | "incidents" | "record" | "runs" | "slos" | "telemetry";

/** What an operator says of an incident. ``other``: incidents to merge, or alerts to split. */
export interface Verdict {
  readonly incident: string;
  readonly verdict: string;
  readonly other: ReadonlyArray<string>;
  readonly note: string;
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

/** What each call answers. */
export interface Answers {
  readonly "GET alerts": { items: ReadonlyArray<Alert> };
  readonly "GET approvals": { items: ReadonlyArray<Approval> };
  readonly "POST approvals/{id_}": Approval;
  readonly "GET audit": { items: ReadonlyArray<AuditEntry> };
  readonly "GET audit/verify": Readonly<Record<string, unknown>>;
  readonly "GET changes": { items: ReadonlyArray<Change> };
  readonly "GET deployments": { items: ReadonlyArray<Deployment> };
  readonly "GET entities": { items: ReadonlyArray<Entity> };
  readonly "GET evidence": Resolved;
  readonly "GET find": Found;
  readonly "GET grouping": Readonly<Record<string, unknown>>;
  readonly "GET incidents": { items: ReadonlyArray<Incident> };
  readonly "POST incidents/actions": Readonly<Record<string, unknown>>;
  readonly "GET incidents/{id_}": Incident;
  readonly "POST incidents/{id_}/merge": Readonly<Record<string, unknown>>;
  readonly "POST incidents/{id_}/resolve": Readonly<Record<string, unknown>>;
  readonly "POST incidents/{id_}/split": Readonly<Record<string, unknown>>;
  readonly "GET labels": { items: ReadonlyArray<Label> };
  readonly "POST labels": Label;
  readonly "GET ledger": Counts;
  readonly "POST ledger/replay": Readonly<Record<string, unknown>>;
  readonly "GET ledger/unparsed": Readonly<Record<string, unknown>>;
  readonly "GET ledger/verify": Readonly<Record<string, unknown>>;
  readonly "GET live": undefined;
  readonly "GET openapi.json": Readonly<Record<string, unknown>>;
  readonly "GET pages": Nav;
  readonly "GET pages/{path}": Page;
  readonly "GET priors": Readonly<Record<string, unknown>>;
  readonly "POST query": Readonly<Record<string, unknown>>;
  readonly "GET relations": { items: ReadonlyArray<Relation> };
  readonly "GET runbooks": Readonly<Record<string, unknown>>;
  readonly "GET runs": { items: ReadonlyArray<Run> };
  readonly "GET runs/{id_}": Run;
  readonly "DELETE session": undefined;
  readonly "GET session": SignedIn;
  readonly "POST session": SignedIn;
  readonly "POST session/codes": SignInCode;
  readonly "GET slos": { items: ReadonlyArray<SloState> };
  readonly "GET status": Readonly<Record<string, unknown>>;
  readonly "GET tokens": Tokens;
  readonly "POST tokens": NewToken;
  readonly "DELETE tokens/{id_}": undefined;
}
