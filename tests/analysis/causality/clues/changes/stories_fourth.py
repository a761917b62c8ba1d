"""A third batch, again written before it was looked at: guilty changes."""

from .stories_second import second
from .story import Gauge, Said

STORIES = (
    second(
        "a third of the instances",
        41,
        ("feedback", "cpu_utilization", "feedback CPU saturated, slow"),
        (("site", "feedback"),),
        (
            "ca000001",
            25,
            "feedback",
            "chart: save some money",
            "deploy/feedback/values.yaml",
            """
-replicaCount: 6
+replicaCount: 2
""",
        ),
        (
            "ca000002",
            30,
            "site",
            "site: alt texts",
            "site/img.html",
            '-<img src="a.png">\n+<img src="a.png" alt="a">',
        ),
        (
            Gauge("feedback", "cpu_utilization", 30, 98, 28),
            Gauge("feedback", "latency_p95", 60, 1900, 28),
        ),
        (Said("feedback", "kept <n>"), Said("site", "feedback timed out", "ERROR", 29)),
    ),
    second(
        "a question mark less",
        34,
        ("player", "js_errors", "player throws in the browser"),
        (("player", "catalogue"),),
        (
            "cb000001",
            19,
            "player",
            "player: tidy title",
            "player/src/title.ts",
            """
-  return item?.series?.title ?? item.title
+  return item.series.title
""",
        ),
        (
            "cb000002",
            24,
            "catalogue",
            "catalogue: sort genres",
            "catalogue/genres.ts",
            """
-  return genres
+  return [...genres].sort()
""",
        ),
        (Gauge("player", "js_errors", 0.2, 55, 22), Gauge("catalogue", "latency_p95", 12)),
        (
            Said("player", "playing <n>"),
            Said(
                "player",
                "TypeError: Cannot read properties of undefined (reading 'title')",
                "ERROR",
                22,
                0.5,
            ),
        ),
    ),
    second(
        "a rule of the firewall",
        27,
        ("claims", "db_connect_errors", "claims cannot reach its database"),
        (("claims", "claims-db"),),
        (
            "cc000001",
            12,
            "claims",
            "network: remove legacy rules",
            "infra/network/security_group.tf",
            """
-resource "aws_security_group_rule" "claims_pg" {
-  from_port = 5432
-  to_port   = 5432
-}
""",
        ),
        (
            "cc000002",
            17,
            "claims",
            "claims: wording of mails",
            "claims/mail/text.py",
            """
-SUBJECT = "Claim"
+SUBJECT = "Your claim"
""",
        ),
        (
            Gauge("claims", "db_connect_errors", 0.1, 40, 15),
            Gauge("claims-db", "connections", 30, 0, 15),
        ),
        (
            Said("claims", "claim <n> filed", until=15),
            Said(
                "claims",
                "could not connect to server: Connection timed out, port 5432",
                "ERROR",
                15,
                0.5,
            ),
        ),
    ),
    second(
        "every request may take forever",
        63,
        ("gate", "goroutines", "gate runs out of workers"),
        (("gate", "render"),),
        (
            "cd000001",
            44,
            "gate",
            "gate: pass the background context",
            "gate/proxy.go",
            """
-    ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
-    defer cancel()
+    ctx := context.Background()
     return render.Do(ctx, r)
""",
        ),
        (
            "cd000002",
            52,
            "render",
            "render: newer font",
            "render/fonts.go",
            """
-const font = "Inter-3.19"
+const font = "Inter-4.0"
""",
        ),
        (
            Gauge("gate", "goroutines", 300, 42000, 47, 12),
            Gauge("gate", "latency_p99", 200, 30000, 50),
        ),
        (
            Said("gate", "passed <n>"),
            Said("gate", "no worker available, waiting for render to answer", "WARN", 50, 0.5),
        ),
    ),
    second(
        "a search in the middle of words",
        49,
        ("helpdesk", "latency_p95", "search of tickets takes 9 s"),
        (("helpdesk", "helpdesk-db"),),
        (
            "ce000001",
            33,
            "helpdesk",
            "search: find parts of words",
            "helpdesk/search.py",
            """
-    q = "SELECT id FROM tickets WHERE subject LIKE %s || '%%'"
+    q = "SELECT id FROM tickets WHERE subject ILIKE '%%' || %s || '%%' OR body ILIKE %s"
""",
        ),
        (
            "ce000002",
            38,
            "helpdesk",
            "helpdesk: emoji reactions",
            "helpdesk/reactions.py",
            '+REACTIONS = ["up", "down"]',
        ),
        (
            Gauge("helpdesk", "latency_p95", 90, 9000, 36),
            Gauge("helpdesk-db", "cpu_utilization", 14, 99, 36),
        ),
        (
            Said("helpdesk", "found <n>"),
            Said("helpdesk-db", "slow query: seq scan on tickets 8.9 s", "WARN", 36, 0.5),
        ),
    ),
    second(
        "another consumer group",
        38,
        ("billing-events", "consumer_lag", "billing-events is hours behind"),
        (),
        (
            "cf000001",
            22,
            "billing-events",
            "consistent names of consumer groups",
            "billing-events/application.yaml",
            """
 kafka:
   consumer:
-    group-id: billing
+    group-id: billing-events-consumer
     auto-offset-reset: earliest
""",
        ),
        (
            "cf000002",
            27,
            "billing-events",
            "billing-events: javadoc",
            "billing-events/README.md",
            "+More.",
        ),
        (
            Gauge("billing-events", "consumer_lag", 20, 9e6, 25),
            Gauge("billing-events", "duplicates", 0.1, 800, 25),
        ),
        (
            Said("billing-events", "billed <n>"),
            Said(
                "billing-events",
                "event already processed, offset reset to earliest for new group",
                "WARN",
                25,
                0.5,
            ),
        ),
    ),
    second(
        "a base without the library",
        22,
        ("pdf", "restarts_total", "pdf does not come up"),
        (("letters", "pdf"),),
        (
            "da000001",
            9,
            "pdf",
            "smaller image",
            "pdf/Dockerfile",
            """
-FROM python:3.12-slim
+FROM python:3.12-alpine
""",
        ),
        ("da000002", 14, "letters", "letters: envelope size C5", "letters/size.py", "-C6\n+C5"),
        (
            Gauge("pdf", "restarts_total", 0.01, 5, 12),
            Gauge("letters", "queue_depth", 4, 700, 12, 4),
        ),
        (
            Said("pdf", "made <n>", until=12),
            Said(
                "pdf",
                "ImportError: Error loading shared library libstdc++.so.6: No such file",
                "FATAL",
                12,
                1,
            ),
        ),
    ),
    second(
        "shared between requests",
        58,
        ("planner", "wrong_results_total", "planner mixes up customers"),
        (("desk", "planner"),),
        (
            "db000001",
            39,
            "planner",
            "planner: save allocations",
            "planner/plan.py",
            """
-def plan(orders, acc=None):
-    acc = [] if acc is None else acc
+def plan(orders, acc=[]):
     for order in orders:
         acc.append(schedule(order))
     return acc
""",
        ),
        (
            "db000002",
            47,
            "desk",
            "desk: sticky header",
            "desk/header.css",
            "+.h { position: sticky }",
        ),
        (
            Gauge("planner", "wrong_results_total", 0.05, 9, 42, 6),
            Gauge("planner", "rss_bytes", 2e8, 9e8, 42, 18),
        ),
        (
            Said("planner", "planned <n>"),
            Said(
                "planner", "result mismatch: plan holds orders of other customers", "ERROR", 44, 1
            ),
        ),
    ),
)
