"""Incidents that no change brought about, each with changes that might have."""

from .story import Gauge, Said, Story, commit, deploy, flag

OUT_OF_DATE = Story(
    name="a partner's certificate runs out",
    guilty=(),
    alarm=45,
    alert=("identity", "token_exchange_errors", "identity cannot reach the directory"),
    calls=(("portal", "identity"), ("identity", "ldap-bridge")),
    changes=(
        commit("a0000001", 22, "identity: lazy key stores", "identity/src/KeyStores.java", """
-    private final KeyStore keyStore = load(path);
+    private KeyStore keyStore() { return load(path); }
"""),
        commit("a0000002", 34, "identity: nicer error pages", "identity/web/error.html",
               "-Sorry.\n+Sorry, that did not work."),
        deploy("identity", 26, "a0000001"),
        deploy("identity", 37, "a0000002"),
    ),
    gauges=(
        Gauge("identity", "token_exchange_errors", 0.1, 40, 40),
        Gauge("portal", "login_failures", 0.2, 35, 40),
    ),
    said=(
        Said("identity", "exchanged <n>", until=40),
        Said("identity", "PKIX path validation failed: CertPathValidatorException: validity check "
             "failed; NotAfter: Tue Jun 10 00:00:00 UTC 2025, certificate expired on 20250610",
             "ERROR", 40, 0.5),
    ),
)  # fmt: skip

THE_PROVIDER_IS_DOWN = Story(
    name="a payment provider is down",
    guilty=(),
    alarm=52,
    alert=("payments", "authorisation_failures", "card payments fail"),
    calls=(("shop", "payments"), ("renewals", "payments")),
    changes=(
        commit("b0000001", 35, "payments: rename the retry helper", "payments/retry.py", """
-def again(call, times=3):
+def with_retries(call, times=3):
"""),
        commit("b0000002", 41, "payments: authorise before reserving", "payments/flow.py", """
-    reserve(order)
-    authorise(order)
+    authorise(order)
+    reserve(order)
"""),
        deploy("payments", 44, "b0000002"),
    ),
    gauges=(
        Gauge("payments", "authorisation_failures", 0.3, 60, 48),
        Gauge("shop", "checkout_errors", 0.2, 30, 48),
    ),
    said=(
        Said("payments", "authorised <n>", until=48),
        Said("payments", "POST https://api.cardhouse.example.com/v2/auth answered 503 Service "
             "Unavailable", "ERROR", 48, 0.5),
        Said("renewals", "POST https://api.cardhouse.example.com/v2/recurring answered 503 Service "
             "Unavailable", "ERROR", 49),
    ),
)  # fmt: skip

EVERYBODY_COMES = Story(
    name="four times the visitors",
    guilty=(),
    alarm=40,
    alert=("edge", "latency_p95", "everything is slow"),
    calls=(("edge", "catalog"), ("catalog", "images")),
    changes=(
        commit("c0000001", 25, "catalog: pages of 24", "catalog/list.go", """
-const pageSize = 20
+const pageSize = 24
"""),
        deploy("catalog", 28, "c0000001"),
        flag("flag-tv", 30, "edge", "tv_banner: off -> on"),
    ),
    gauges=(
        Gauge("edge", "requests_per_second", 500, 2300, 33, 3),
        Gauge("catalog", "requests_per_second", 420, 1950, 33, 3),
        Gauge("images", "requests_per_second", 900, 4100, 33, 3),
        Gauge("edge", "latency_p95", 90, 1500, 35),
        Gauge("catalog", "cpu_utilization", 25, 96, 34),
        Gauge("images", "latency_p95", 40, 700, 35),
    ),
    said=(
        Said("edge", "served <n>"),
        Said("catalog", "worker queue is full, shedding", "WARN", 35),
    ),
)  # fmt: skip

A_DISK_DIES = Story(
    name="a disk dies",
    guilty=(),
    alarm=66,
    alert=("events-db", "write_latency", "events-db writes take seconds"),
    calls=(("collector", "events-db"),),
    changes=(
        commit("d0000001", 50, "collector: batches of 600", "collector/batch.rs", """
-const BATCH: usize = 500;
+const BATCH: usize = 600;
"""),
        commit("d0000002", 55, "collector: clippy", "collector/lib.rs", """
-    return batch;
+    batch
"""),
        deploy("collector", 58, "d0000002"),
    ),
    gauges=(
        Gauge("events-db", "write_latency", 4, 2600, 61),
        Gauge("collector", "backlog", 20, 9000, 62, 4),
    ),
    said=(
        Said("collector", "wrote batch <n>"),
        Said("events-db", "blk_update_request: I/O error, dev nvme2n1, sector 884211", "ERROR", 61,
             0.5),
        Said("events-db", "could not fsync file: Input/output error", "ERROR", 61),
    ),
)  # fmt: skip

ONE_BAD_MESSAGE = Story(
    name="one message comes again and again",
    guilty=(),
    alarm=38,
    alert=("shipments", "consumer_lag", "shipments does not get on"),
    changes=(
        commit("e0000001", 20, "shipments: split the parser", "shipments/parse.py", """
-def parse(raw):
-    doc = json.loads(raw)
-    return Shipment(**doc)
+def parse(raw):
+    return build(json.loads(raw))
+
+
+def build(doc):
+    return Shipment(**doc)
"""),
        deploy("shipments", 26, "e0000001"),
    ),
    gauges=(
        Gauge("shipments", "consumer_lag", 10, 22000, 32, 5),
        Gauge("shipments", "processed_total", 70, 0.0, 32),
    ),
    said=(
        Said("shipments", "shipped <n>", until=32),
        Said("shipments", "cannot parse record at offset=5518204: Expecting value: line 1 column 1",
             "ERROR", 32, 0.25),
    ),
)  # fmt: skip

A_MACHINE_IS_TAKEN = Story(
    name="machines are taken back",
    guilty=(),
    alarm=29,
    alert=("encoder", "jobs_failed", "encoding jobs are lost"),
    calls=(("studio", "encoder"),),
    changes=(
        commit("f0000001", 15, "encoder: two-pass by default", "encoder/profile.yaml", """
-passes: 1
+passes: 2
"""),
        deploy("studio", 18, ""),
    ),
    gauges=(
        Gauge("encoder", "jobs_failed", 0.1, 15, 24),
        Gauge("encoder", "instances", 12, 3, 24),
    ),
    said=(
        Said("encoder", "encoded <n>"),
        Said("encoder", "spot interruption notice received, instance terminates in 120 s", "WARN",
             24, 0.5),
    ),
)  # fmt: skip

STUFFED = Story(
    name="strangers try passwords",
    guilty=(),
    alarm=57,
    alert=("login", "failed_logins", "failed logins 20 times the usual"),
    calls=(("login", "users"),),
    changes=(
        commit("90000001", 38, "login: message for wrong passwords", "login/messages.py", """
-WRONG = "Wrong password"
+WRONG = "That did not match"
"""),
        commit("90000002", 45, "users: cache avatars", "users/avatar.py", """
+@lru_cache(maxsize=512)
 def avatar(user_id):
"""),
        deploy("login", 42, "90000001"),
        deploy("users", 48, "90000002"),
    ),
    gauges=(
        Gauge("login", "requests_per_second", 30, 800, 52),
        Gauge("login", "failed_logins", 2, 700, 52),
        Gauge("users", "latency_p95", 10, 90, 53),
    ),
    said=(
        Said("login", "login <n>"),
        Said("login", "invalid password, credential stuffing from AS4134", "WARN", 52, 0.2),
    ),
)  # fmt: skip

NOTHING_CLEAR = Story(
    name="nothing that changed has to do with it",
    guilty=(),
    alarm=44,
    alert=("invoices-db", "vacuum_age", "invoices-db close to transaction id wraparound"),
    calls=(("invoices", "invoices-db"),),
    changes=(
        commit("80000001", 20, "docs: invoice numbers", "docs/numbers.md", "-A\n+B"),
        commit("80000002", 31, "invoices: logo of the new owner", "invoices/assets/logo.svg"),
        commit("80000003", 33, "invoices: bold totals", "invoices/pdf/style.py", """
-    total = Text(amount)
+    total = Text(amount, bold=True)
"""),
        deploy("invoices", 36, "80000003"),
    ),
    gauges=(
        Gauge("invoices-db", "vacuum_age", 1.9e9, 2.14e9, 10, 34),
        Gauge("invoices", "latency_p95", 80, 900, 41),
    ),
    said=(
        Said("invoices", "issued <n>"),
        Said("invoices-db", "must be vacuumed within 4999999 transactions", "WARN", 40, 0.5),
    ),
)  # fmt: skip

THE_FEED_IS_BROKEN = Story(
    name="a supplier sends another format",
    guilty=(),
    alarm=75,
    alert=("importer", "rows_rejected", "importer rejects rows"),
    changes=(
        commit("70000001", 50, "importer: progress every 1000 rows", "importer/run.go", """
-    if n%100 == 0 {
+    if n%1000 == 0 {
"""),
        deploy("importer", 55, "70000001"),
    ),
    gauges=(
        Gauge("importer", "rows_rejected", 1, 4000, 70),
        Gauge("importer", "rows_imported", 4000, 3, 70),
    ),
    said=(
        Said("importer", "imported <n>", until=70),
        Said("importer", "malformed row in supplier feed file=stock_20250616.csv: 7 fields",
             "ERROR", 70, 0.25),
    ),
)  # fmt: skip

STORIES = (
    OUT_OF_DATE, THE_PROVIDER_IS_DOWN, EVERYBODY_COMES, A_DISK_DIES, ONE_BAD_MESSAGE,
    A_MACHINE_IS_TAKEN, STUFFED, NOTHING_CLEAR, THE_FEED_IS_BROKEN,
)  # fmt: skip
