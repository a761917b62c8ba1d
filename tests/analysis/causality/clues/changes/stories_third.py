"""The rest of the second batch."""

from .stories_second import second
from .story import Gauge, Said

STORIES = (
    second(
        "a loop that does not end",
        43,
        ("sync", "cpu_seconds_rate", "sync burns a whole core, no progress"),
        (("sync", "crm"),),
        (
            "af000001",
            28,
            "sync",
            "sync: follow the cursor",
            "sync/pages.rb",
            """
-    while page = client.page(token)
-      yield page.items
-      token = page.next or break
-    end
+    loop do
+      page = client.page(token)
+      yield page.items
+      token = page.next || token
+    end
""",
        ),
        (
            "af000002",
            33,
            "crm",
            "crm: avatar sizes",
            "crm/avatar.rb",
            """
-  SIZES = [32, 64]
+  SIZES = [32, 64, 128]
""",
        ),
        (
            Gauge("sync", "cpu_seconds_rate", 0.1, 1.0, 31),
            Gauge("crm", "requests_per_second", 20, 900, 31),
        ),
        (
            Said("sync", "synced <n>", until=31),
            Said("crm", "rate limit: 429 for client sync", "WARN", 31, 0.5),
        ),
    ),
    second(
        "nightly work at every hour",
        72,
        ("warehouse-db", "cpu_utilization", "warehouse-db CPU saturated"),
        (("reports", "warehouse-db"),),
        (
            "b0000011",
            40,
            "reports",
            "reports: fresher totals",
            "reports/crontab",
            """
-0 3 * * * /opt/reports/rebuild_totals
+*/15 * * * * /opt/reports/rebuild_totals
""",
        ),
        (
            "b0000012",
            51,
            "reports",
            "reports: right-align numbers",
            "reports/templates/totals.html",
            """
-<td>{{ total }}</td>
+<td class="r">{{ total }}</td>
""",
        ),
        (
            Gauge("warehouse-db", "cpu_utilization", 22, 98, 45),
            Gauge("reports", "job_duration", 40, 900, 45),
        ),
        (
            Said("reports", "totals of <n>"),
            Said(
                "warehouse-db",
                "long running statement: rebuild_totals still active after 600 s",
                "WARN",
                46,
                2,
            ),
        ),
    ),
    second(
        "local time",
        29,
        ("booking", "rejected_bookings", "bookings rejected as expired"),
        (("apps", "booking"),),
        (
            "b1000001",
            14,
            "booking",
            "booking: drop the deprecated clock",
            "booking/hold.py",
            """
-    now = datetime.now(timezone.utc)
+    now = datetime.now()
     if hold.expires_at < now:
         raise HoldExpired(hold.id)
""",
        ),
        (
            "b1000002",
            19,
            "apps",
            "apps: offline banner",
            "apps/offline.kt",
            "+    showBanner(R.string.offline)",
        ),
        (
            Gauge("booking", "rejected_bookings", 0.2, 33, 17),
            Gauge("apps", "conversion", 0.2, 0.01, 17),
        ),
        (
            Said("booking", "held <n>"),
            Said("booking", "HoldExpired: hold expired before it was confirmed", "WARN", 17, 0.5),
        ),
    ),
    second(
        "the producer's batch is too large",
        35,
        ("telemetry", "send_failures", "telemetry cannot publish"),
        (("telemetry", "broker"),),
        (
            "b2000001",
            19,
            "telemetry",
            "telemetry: fewer, larger batches",
            "telemetry/producer.yml",
            """
 producer:
-  max_batch_bytes: 900000
+  max_batch_bytes: 9000000
   linger_ms: 50
""",
        ),
        (
            "b2000002",
            25,
            "telemetry",
            "telemetry: name threads",
            "telemetry/threads.java",
            """
-        new Thread(loop).start();
+        new Thread(loop, "telemetry-loop").start();
""",
        ),
        (
            Gauge("telemetry", "send_failures", 0.1, 12, 22),
            Gauge("broker", "bytes_in", 5e6, 1e4, 22),
        ),
        (
            Said("telemetry", "sent batch <n>", until=22),
            Said(
                "telemetry",
                "RecordTooLargeException: message is 8912331 bytes, larger than max request size",
                "ERROR",
                22,
                0.5,
            ),
        ),
    ),
    second(
        "an address that is not served",
        26,
        ("quotes", "upstream_errors", "quotes cannot reach fx"),
        (("quotes", "fx"),),
        (
            "b3000001",
            11,
            "quotes",
            "quotes: new cluster names",
            "quotes/config/prod.env",
            """
-FX_URL=http://fx.market.svc:9000
+FX_URL=http://fx-v2.market.svc:9000
""",
        ),
        (
            "b3000002",
            16,
            "quotes",
            "quotes: precise rounding in tests",
            "quotes/tests/round_test.go",
            "+    want := 1.25",
        ),
        (
            Gauge("quotes", "upstream_errors", 0.01, 0.97, 14),
            Gauge("fx", "requests_per_second", 60, 1, 14),
        ),
        (
            Said("fx", "rate <n>", until=14),
            Said("quotes", "dial tcp: lookup fx-v2.market.svc: no such host", "ERROR", 14, 0.5),
        ),
    ),
)
