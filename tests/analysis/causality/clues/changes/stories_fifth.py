"""A third batch: incidents without a guilty change."""

from .stories_second import second
from .story import Gauge, Said, Story


def blameless(story: Story) -> Story:
    return story._replace(guilty=())


STORIES = tuple(
    blameless(story)
    for story in (
        second(
            "somebody else's prices are late",
            44,
            ("trade", "quote_timeouts", "trade gets no prices"),
            (("trade", "risk"),),
            ("ea000001", 33, "trade", "trade: log prices", "trade/log.py", "+log.info(price)"),
            (
                "ea000002",
                36,
                "trade",
                "trade: split the price client",
                "trade/prices.py",
                """
-    resp = session.get(URL, timeout=2)
-    return parse(resp.json())
+    return parse(fetch())
+
+
+def fetch():
+    return session.get(URL, timeout=2).json()
""",
            ),
            (
                Gauge("trade", "quote_timeouts", 0.1, 60, 41),
                Gauge("risk", "stale_positions", 1, 50, 42),
            ),
            (
                Said("trade", "price <n>"),
                Said(
                    "trade",
                    "timeout reading https://feed.marketwire.example.com/v1/prices",
                    "ERROR",
                    41,
                    0.5,
                ),
                Said(
                    "risk",
                    "timeout reading https://feed.marketwire.example.com/v1/curves",
                    "ERROR",
                    42,
                ),
            ),
        ),
        second(
            "packets get lost",
            36,
            ("voice", "dropped_calls", "calls drop"),
            (("voice", "media"), ("chat", "media")),
            (
                "eb000001",
                22,
                "voice",
                "voice: shorter ringtone",
                "voice/ring.go",
                "-const secs = 30\n+const secs = 25",
            ),
            (
                "eb000002",
                27,
                "chat",
                "chat: stickers",
                "chat/stickers.go",
                "+var stickers = []string{}",
            ),
            (
                Gauge("voice", "dropped_calls", 0.5, 40, 33),
                Gauge("media", "jitter_ms", 4, 300, 33),
                Gauge("chat", "reconnects", 1, 60, 33),
            ),
            (
                Said("voice", "call <n>"),
                Said("media", "packet loss 23 % towards carrier, link flapping", "WARN", 33, 0.5),
            ),
        ),
        second(
            "one tenant sends too much",
            51,
            ("ingest", "parse_failures", "ingest fails to parse"),
            (),
            (
                "ec000001",
                38,
                "ingest",
                "ingest: count fields",
                "ingest/count.py",
                "+fields.inc(len(row))",
            ),
            (
                "ec000002",
                42,
                "ingest",
                "ingest: tidy parser names",
                "ingest/parse.py",
                """
-def parse_row(raw): return json.loads(raw)
+def parse(raw): return json.loads(raw)
""",
            ),
            (Gauge("ingest", "parse_failures", 0.1, 80, 48),),
            (
                Said("ingest", "row <n>", extra={"tenant": "north"}),
                Said("ingest", "row <n>", since=0.5, extra={"tenant": "south"}),
                Said(
                    "ingest",
                    "cannot parse row: unterminated string",
                    "ERROR",
                    48,
                    0.25,
                    extra={"tenant": "west"},
                ),
            ),
        ),
        second(
            "the managed database fails over",
            29,
            ("library", "db_errors", "library cannot write"),
            (("library", "library-db"),),
            (
                "ed000001",
                15,
                "library",
                "library: shorter titles",
                "library/title.rb",
                "-  MAX = 80\n+  MAX = 78",
            ),
            (
                "ed000002",
                20,
                "library",
                "library: spec",
                "library/spec/title_spec.rb",
                "+  it { ok }",
            ),
            (
                Gauge("library", "db_errors", 0.1, 50, 26),
                Gauge("library-db", "connections", 40, 2, 26),
            ),
            (
                Said("library", "lent <n>"),
                Said(
                    "library-db", "provider maintenance: failover to standby started", "WARN", 26, 1
                ),
                Said(
                    "library", "cannot execute INSERT in a read-only transaction", "ERROR", 26, 0.5
                ),
            ),
        ),
        second(
            "no names are resolved",
            33,
            ("hub", "lookup_errors", "hub cannot resolve names"),
            (("hub", "north"), ("depot", "north")),
            (
                "ee000001",
                20,
                "hub",
                "hub: sort imports",
                "hub/a.py",
                "-import b\n-import a\n+import a\n+import b",
            ),
            (
                "ee000002",
                25,
                "depot",
                "depot: label printer",
                "depot/label.py",
                "-DPI = 200\n+DPI = 203",
            ),
            (
                Gauge("hub", "lookup_errors", 0.1, 90, 30),
                Gauge("depot", "lookup_errors", 0.1, 70, 30),
                Gauge("north", "lookup_errors", 0.1, 80, 30),
            ),
            (
                Said("hub", "ok <n>"),
                Said("hub", "server misbehaving: SERVFAIL from resolver", "ERROR", 30, 0.5),
                Said("depot", "server misbehaving: SERVFAIL from resolver", "ERROR", 30, 0.5),
                Said("north", "server misbehaving: SERVFAIL from resolver", "ERROR", 30, 0.5),
            ),
        ),
        second(
            "the disk has filled over weeks",
            70,
            ("mail", "disk_used_ratio", "mail disk above 90 %"),
            (("webmail", "mail"),),
            ("ef000001", 20, "mail", "mail: clearer bounce text", "mail/bounce.txt", "-no\n+sorry"),
            (
                "ef000002",
                44,
                "webmail",
                "webmail: threads collapsed",
                "webmail/threads.js",
                "-open\n+closed",
            ),
            (
                Gauge("mail", "disk_used_ratio", 0.88, 0.91, 0, 70),
                Gauge("mail", "delivery_seconds", 2),
            ),
            (Said("mail", "delivered <n>"),),
        ),
        second(
            "the bank holiday",
            60,
            ("orders", "orders_per_minute", "orders dropped by 70 %"),
            (("shop", "orders"),),
            (
                "fa000001",
                40,
                "orders",
                "orders: tidy names",
                "orders/names.kt",
                "-val a = 1\n+val one = 1",
            ),
            ("fa000002", 46, "shop", "shop: lighter icons", "shop/icons.svg", "-a\n+b"),
            (
                Gauge("orders", "orders_per_minute", 400, 120, 54, 4),
                Gauge("shop", "requests_per_second", 90, 30, 54, 4),
                Gauge("shop", "latency_p95", 80),
                Gauge("orders", "error_rate", 0.002),
            ),
            (Said("orders", "order <n>"), Said("shop", "page <n>")),
        ),
        second(
            "a card fails",
            47,
            ("vision", "inference_errors", "vision inference fails"),
            (("cams", "vision"),),
            (
                "fb000001",
                30,
                "vision",
                "vision: labels in Dutch",
                "vision/labels_nl.json",
                '+{"cat": "kat"}',
            ),
            ("fb000002", 35, "cams", "cams: fewer frames", "cams/fps.yaml", "-fps: 30\n+fps: 28"),
            (
                Gauge("vision", "inference_errors", 0.1, 20, 43),
                Gauge("vision", "gpu_utilization", 70, 0, 43),
            ),
            (
                Said("vision", "seen <n>", until=43),
                Said("vision", "CUDA error: uncorrectable ECC error encountered", "ERROR", 43, 0.5),
            ),
        ),
    )
)
