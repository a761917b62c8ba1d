"""A second batch, written after the first had been made to work, to see what holds."""

from .story import Gauge, Said, Story, commit, deploy

Edit = tuple[str, float, str, str, str, str]
DULL = (
    ("5eed0001", 4, "docs: glossary", "docs/glossary.md", "-a\n+b"),
    (
        "5eed0002",
        9,
        "lib: trim trailing slash",
        "lib/url/clean.go",
        """
-    return p
+    return strings.TrimRight(p, "/")
""",
    ),
    (
        "5eed0003",
        11,
        "deps: bump yaml parser patch release",
        "go.mod",
        """
-    gopkg.in/yaml.v3 v3.0.0
+    gopkg.in/yaml.v3 v3.0.1
""",
    ),
)


def second(
    name: str,
    alarm: float,
    alert: tuple[str, str, str],
    calls: tuple[tuple[str, str], ...],
    guilty: Edit,
    decoy: Edit,
    gauges: tuple[Gauge, ...],
    said: tuple[Said, ...],
) -> Story:
    """Guilty and decoy: (id, minute, entity, summary, files, diff); both deployed after 2 min."""
    changes = [commit(*dull) for dull in DULL]
    for id_, minute, entity, summary, files, diff in (guilty, decoy):
        changes += [commit(id_, minute, summary, files, diff), deploy(entity, minute + 2, id_)]
    return Story(name, (guilty[0],), alarm, alert, tuple(changes), gauges, said, calls)


STORIES = (
    second(
        "a probe asks for another path",
        40,
        ("tickets", "ready_instances", "tickets has no ready instances"),
        (("site", "tickets"),),
        (
            "aa000001",
            24,
            "tickets",
            "chart: align probes with the platform standard",
            "charts/tickets/values.yaml",
            """
 readinessProbe:
   httpGet:
-    path: /healthz
+    path: /ready
     port: 8080
""",
        ),
        (
            "aa000002",
            29,
            "site",
            "site: preload the hero image",
            "site/head.html",
            '+<link rel="preload" href="/hero.avif" as="image">',
        ),
        (
            Gauge("tickets", "ready_instances", 6, 0, 27),
            Gauge("site", "http_503_ratio", 0.001, 0.9, 27),
        ),
        (
            Said("tickets", "sold <n>"),
            Said(
                "tickets", "Readiness probe failed: GET /ready returned 404 not found", "WARN", 27
            ),
        ),
    ),
    second(
        "a policy is narrowed",
        37,
        ("archive", "put_errors", "archive cannot store documents"),
        (("scanner", "archive"),),
        (
            "ab000001",
            21,
            "archive",
            "iam: least privilege for archive",
            "infra/iam/archive.tf",
            """
   statement {
-    actions   = ["s3:*"]
+    actions   = ["s3:GetObject", "s3:ListBucket"]
     resources = [local.bucket]
   }
""",
        ),
        (
            "ab000002",
            27,
            "archive",
            "archive: tidy key builder",
            "archive/keys.py",
            """
-    return "/".join([year, month, name])
+    return f"{year}/{month}/{name}"
""",
        ),
        (
            Gauge("archive", "put_errors", 0.1, 30, 24),
            Gauge("scanner", "spool_depth", 5, 800, 25, 5),
        ),
        (
            Said("archive", "stored <n>", until=24),
            Said(
                "archive", "AccessDenied: not authorized to perform s3:PutObject", "ERROR", 24, 0.5
            ),
        ),
    ),
    second(
        "all rows at once",
        66,
        ("statements", "heap_used_bytes", "statements runs out of memory"),
        (("bank", "statements"),),
        (
            "ac000001",
            45,
            "statements",
            "statements: whole history in one document",
            "statements/src/History.java",
            """
-        return repo.findByAccount(account, PageRequest.of(0, 200));
+        return repo.findAllByAccount(account);
""",
        ),
        (
            "ac000002",
            52,
            "bank",
            "bank: shorter session cookie name",
            "bank/session.ts",
            """
-const COOKIE = 'bank_session_id'
+const COOKIE = 'bsid'
""",
        ),
        (
            Gauge("statements", "heap_used_bytes", 4e8, 3.9e9, 48, 9),
            Gauge("statements", "gc_pause_seconds", 0.02, 8, 52),
        ),
        (
            Said("statements", "made <n>", every=2),
            Said(
                "statements",
                "java.lang.OutOfMemoryError: Java heap space at History.load(History.java:88)",
                "ERROR",
                55,
                1,
            ),
        ),
    ),
    second(
        "an upstream is reached anew each time",
        50,
        ("relay", "upstream_connect_errors", "relay cannot open connections"),
        (("relay", "core"),),
        (
            "ad000001",
            33,
            "relay",
            "relay: simplify upstream block",
            "relay/nginx.conf",
            """
   upstream core {
     server core:8080;
-    keepalive 128;
   }
""",
        ),
        (
            "ad000002",
            38,
            "core",
            "core: log the tenant",
            "core/log.go",
            """
-    log.Info("done", "took", d)
+    log.Info("done", "took", d, "tenant", t)
""",
        ),
        (
            Gauge("relay", "upstream_connect_errors", 0.1, 60, 37),
            Gauge("relay", "tcp_time_wait", 300, 28000, 36),
        ),
        (
            Said("core", "done <n>"),
            Said(
                "relay",
                "connect() failed (99: Cannot assign requested address) while connecting to "
                "upstream",
                "error",
                37,
                0.5,
            ),
        ),
    ),
    second(
        "a field number is used again",
        31,
        ("dispatch", "decode_errors", "dispatch rejects orders"),
        (),
        (
            "ae000001",
            15,
            "intake",
            "proto: drop legacy note, add priority",
            "proto/order.proto",
            """
 message Order {
   string id = 1;
-  string note = 4;
+  int32 priority = 4;
 }
""",
        ),
        (
            "ae000002",
            20,
            "dispatch",
            "dispatch: metrics per zone",
            "dispatch/metrics.rs",
            """
-    DISPATCHED.inc();
+    DISPATCHED.with_label_values(&[zone]).inc();
""",
        ),
        (
            Gauge("dispatch", "decode_errors", 0.1, 70, 18),
            Gauge("dispatch", "orders_per_min", 70, 0, 18),
        ),
        (
            Said("dispatch", "sent <n>", until=18),
            Said(
                "dispatch",
                "failed to decode Protobuf message: Order.priority: invalid wire type: "
                "LengthDelimited (expected Varint)",
                "ERROR",
                18,
                0.5,
            ),
        ),
    ),
)
