"""The same incidents among many more changes, some of which speak of the very trouble."""

from __future__ import annotations

from opsweave.analysis.causality.dossier import CaseChange

from .story import Story, commit, deploy

BACKGROUND = (
    ("ci: cache the toolchain", ".github/workflows/build.yml", "-  cache: false\n+  cache: true"),
    ("docs: on call", "docs/oncall.md", "-Call.\n+Call or write."),
    ("test: cover empty input", "lib/tests/empty_test.go", "+func TestEmpty(t *testing.T) {}"),
    ("lib/money: round half even", "lib/money/round.go",
     "-\treturn math.Round(x)\n+\treturn math.RoundToEven(x)"),
    ("lib/clock: inject the clock", "lib/clock/clock.go",
     "-\tnow := time.Now()\n+\tnow := c.Now()"),
    ("bump the tracing library", "go.mod", "-\tacme.dev/trace v1.4.1\n+\tacme.dev/trace v1.4.2"),
    ("lib/paging: page of an empty list", "lib/paging/page.go",
     "+\tif len(items) == 0 {\n+\t\treturn nil\n+\t}"),
    ("lib/ids: longer ids", "lib/ids/ids.go", "-const idLength = 10\n+const idLength = 12"),
    ("style: sort imports", "lib/a.py", "-import b\n-import a\n+import a\n+import b"),
    ("lib/health: ready endpoint", "lib/health/ready.go",
     "+func Ready(w http.ResponseWriter, r *http.Request) {\n+\tw.WriteHeader(200)\n+}"),
    ("lib/metrics: count cache evictions", "lib/metrics/cache.go",
     '+var evictions = metrics.NewCounter("evictions_total")'),
    ("lib/http: request id", "lib/http/id.go",
     '+\tif id == "" {\n+\t\tid = uuid.New()\n+\t}'),
)  # fmt: skip


def harder(story: Story) -> Story:
    """Add background, and refactorings of the alarmed entity that echo what is complained of."""
    entity, indicator, summary = story.alert
    first = min(g.minute for g in story.gauges if g.then is not None)
    loud = [s.text for s in story.said if s.level != "INFO"]
    echo = " ".join(" ".join([summary, *loud]).replace('"', " ").replace("'", " ").split()[:12])
    name = "".join(c for c in indicator.title() if c.isalnum())
    more: list[CaseChange] = [
        commit(f"bace{i:04d}", first * i / len(BACKGROUND), summary_, files, diff)
        for i, (summary_, files, diff) in enumerate(BACKGROUND)
    ]
    more += [
        commit("ec40aaaa", first - 4.5, f"{entity}: tidy what reports: {echo}"[:110],
               f"{entity}/src/report.go", f"""
-func (s *Server) report{name}(ctx context.Context) error {{
-	state := s.read(ctx, "{indicator}")
-	if err := s.send(ctx, state); err != nil {{
-		return err
-	}}
-	return nil
-}}
+func (s *Server) report{name}(ctx context.Context) error {{
+	return s.sendState(ctx, s.read(ctx, "{indicator}"))
+}}
+
+func (s *Server) sendState(ctx context.Context, state State) error {{
+	if err := s.send(ctx, state); err != nil {{
+		return err
+	}}
+	return nil
+}}
"""),
        deploy(entity, first - 3.5, "ec40aaaa", id="deploy-echo"),
        commit("ec40bbbb", first - 2.5, f"{entity}: bump dependencies", f"{entity}/go.sum",
               "-\tgolang.org/x/net v0.24.0\n+\tgolang.org/x/net v0.25.0"),
        deploy(entity, first - 1.5, "ec40bbbb", id="deploy-late"),
    ]  # fmt: skip
    return story._replace(name=f"{story.name}, harder", changes=(*story.changes, *more))
