"""A fourth batch: incidents without a guilty change."""

from .stories_fifth import blameless
from .stories_second import second
from .story import Gauge, Said

STORIES = tuple(
    blameless(story)
    for story in (
        second(
            "the carrier answers otherwise",
            41,
            ("labels", "label_failures", "labels cannot be printed"),
            (("depot", "labels"),),
            (
                "ha000001",
                28,
                "labels",
                "labels: name the printer",
                "labels/printer.py",
                "+NAME = 'zebra'",
            ),
            (
                "ha000002",
                32,
                "labels",
                "labels: split the carrier client",
                "labels/carrier.py",
                """
-    body = call(url)
-    return Label(body["tracking"], body["pdf"])
+    return to_label(call(url))
+
+
+def to_label(body):
+    return Label(body["tracking"], body["pdf"])
""",
            ),
            (
                Gauge("labels", "label_failures", 0.1, 40, 38),
                Gauge("depot", "waiting_parcels", 5, 300, 39, 3),
            ),
            (
                Said("labels", "label <n>"),
                Said(
                    "labels",
                    "https://api.parcels.example.com answered 500 Internal Server Error",
                    "ERROR",
                    38,
                    0.5,
                ),
            ),
        ),
        second(
            "a launch",
            44,
            ("front", "latency_p95", "front is slow"),
            (("front", "reviews"), ("front", "prices")),
            (
                "hb000001",
                30,
                "front",
                "front: tidy header",
                "front/header.ts",
                "-const h = 1\n+const height = 1",
            ),
            (
                "hb000002",
                35,
                "reviews",
                "reviews: tune the pool",
                "reviews/db.yml",
                "-pool: 20\n+pool: 22",
            ),
            (
                Gauge("front", "sessions_active", 900, 4100, 39, 2),
                Gauge("front", "requests_per_second", 300, 1350, 39, 2),
                Gauge("reviews", "requests_per_second", 280, 1300, 39, 2),
                Gauge("prices", "requests_per_second", 260, 1200, 39, 2),
                Gauge("front", "latency_p95", 120, 2100, 41),
                Gauge("reviews", "db_pool_waiting", 0.1, 40, 41),
            ),
            (
                Said("front", "page <n>"),
                Said("reviews", "waiting for a connection", "WARN", 41, 0.5),
            ),
        ),
        second(
            "a key at the mail house has run out",
            33,
            ("mailer", "send_failures", "no mail goes out"),
            (("orders", "mailer"),),
            (
                "hc000001",
                19,
                "mailer",
                "mailer: preview text",
                "mailer/preview.rb",
                "+PREVIEW = 90",
            ),
            (
                "hc000002",
                24,
                "mailer",
                "mailer: extract client",
                "mailer/client.rb",
                """
-    Net::HTTP.post(URI(url), body, headers)
+    deliver(url, body)
+  end
+
+  def deliver(url, body)
+    Net::HTTP.post(URI(url), body, headers)
""",
            ),
            (
                Gauge("mailer", "send_failures", 0.1, 60, 30),
                Gauge("orders", "unsent_confirmations", 1, 200, 30, 3),
            ),
            (
                Said("mailer", "sent <n>", until=30),
                Said(
                    "mailer",
                    "https://api.mailhouse.example.com: 401, api key expired on 2025-06-01",
                    "ERROR",
                    30,
                    0.5,
                ),
            ),
        ),
        second(
            "no machines are to be had",
            61,
            ("batch", "pending_jobs", "batch jobs do not start"),
            (),
            (
                "hd000001",
                40,
                "batch",
                "batch: nicer names of jobs",
                "batch/names.py",
                "-n = 'j'\n+n = 'job'",
            ),
            ("hd000002", 49, "batch", "batch: log the queue", "batch/log.py", "+log.info(queue)"),
            (Gauge("batch", "pending_jobs", 3, 500, 56, 4), Gauge("batch", "instances", 30, 30.5)),
            (
                Said("batch", "job <n> done"),
                Said(
                    "batch",
                    "cloud provider: insufficient instance capacity in this availability zone",
                    "ERROR",
                    56,
                    1,
                ),
            ),
        ),
        second(
            "the month's file is forty times as long",
            72,
            ("settle", "job_duration_s", "settlement does not finish"),
            (("settle", "ledger"),),
            ("he000001", 50, "settle", "settle: report in Dutch", "settle/report_nl.txt", "+Klaar"),
            (
                "he000002",
                58,
                "ledger",
                "ledger: metrics",
                "ledger/metrics.go",
                "+var booked = counter()",
            ),
            (
                Gauge("settle", "job_duration_s", 60, 2400, 66),
                Gauge("settle", "input_rows", 2e4, 8e5, 65),
                Gauge("ledger", "cpu_utilization", 20, 70, 66),
            ),
            (
                Said("settle", "settled <n>"),
                Said("settle", "still reading input, row <n>", "WARN", 67, 0.5),
            ),
        ),
        second(
            "the clock of a host is wrong",
            37,
            ("auth", "token_failures", "some logins fail"),
            (("site", "auth"),),
            (
                "hf000001",
                22,
                "auth",
                "auth: sort scopes",
                "auth/scopes.go",
                "+sort.Strings(scopes)",
            ),
            ("hf000002", 27, "site", "site: favicon", "site/favicon.svg", "-a\n+b"),
            (
                Gauge("auth", "token_failures", 0.2, 15, 33),
                Gauge("auth", "clock_offset_ms", 2, 340000, 33),
            ),
            (
                Said("auth", "login <n>"),
                Said(
                    "auth",
                    "token used before issued: clock skew of 340 s, ntp unsynchronised",
                    "WARN",
                    33,
                    0.5,
                ),
            ),
        ),
    )
)
