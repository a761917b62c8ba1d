"""A fourth batch, written before it was looked at: guilty changes."""

from .stories_second import second
from .story import Gauge, Said

STORIES = (
    second(
        "a hundred times the demand",
        52,
        ("digest", "memory_bytes", "digest close to its memory limit"),
        (("digest", "store"),),
        (
            "ga000001",
            33,
            "digest",
            "digest: keep the pipeline busy",
            "digest/lib/stage.ex",
            """
-    {:consumer, state, subscribe_to: [{Producer, max_demand: 100}]}
+    {:consumer, state, subscribe_to: [{Producer, max_demand: 10_000}]}
""",
        ),
        (
            "ga000002",
            41,
            "store",
            "store: typespecs",
            "store/lib/store.ex",
            """
-  def get(id), do: Repo.get(Item, id)
+  @spec get(integer) :: Item.t() | nil
+  def get(id), do: Repo.get(Item, id)
""",
        ),
        (Gauge("digest", "memory_bytes", 3e8, 1.9e9, 36, 14), Gauge("store", "latency_p95", 9)),
        (Said("digest", "sent <n>"), Said("digest", "memory high watermark reached", "WARN", 48)),
    ),
    second(
        "no batching of lookups",
        40,
        ("graph", "latency_p95", "graph answers in 5 s"),
        (("app", "graph"), ("graph", "people")),
        (
            "gb000001",
            24,
            "graph",
            "graph: fewer abstractions",
            "graph/resolvers/person.ts",
            """
-  manager: (p, _, ctx) => ctx.loaders.person.load(p.managerId),
+  manager: (p, _, ctx) => ctx.db.person.findUnique({ where: { id: p.managerId } }),
""",
        ),
        (
            "gb000002",
            29,
            "app",
            "app: empty states",
            "app/Empty.tsx",
            "+export const Empty = () => <p/>",
        ),
        (
            Gauge("graph", "latency_p95", 110, 5200, 27),
            Gauge("graph", "db_queries_per_request", 4, 160, 27),
        ),
        (
            Said("graph", "resolved <n>"),
            Said("graph", "slow query batch: 160 statements in one request", "WARN", 27, 0.5),
        ),
    ),
    second(
        "no room to grow",
        58,
        ("cashdesk", "cpu_utilization", "cashdesk saturated at noon"),
        (("shop", "cashdesk"),),
        (
            "gc000001",
            42,
            "cashdesk",
            "autoscaling: align with the budget",
            "deploy/cashdesk/hpa.yaml",
            """
   minReplicas: 2
-  maxReplicas: 20
+  maxReplicas: 3
""",
        ),
        (
            "gc000002",
            47,
            "shop",
            "shop: footer links",
            "shop/footer.html",
            '+<a href="/jobs">Jobs</a>',
        ),
        (
            Gauge("cashdesk", "cpu_utilization", 40, 99, 45),
            Gauge("cashdesk", "latency_p95", 70, 2600, 46),
        ),
        (Said("cashdesk", "sold <n>"), Said("shop", "cashdesk timed out", "ERROR", 46)),
    ),
    second(
        "unknown fields are refused",
        30,
        ("hooks", "http_400_ratio", "hooks refuses what customers send"),
        (("edge", "hooks"),),
        (
            "gd000001",
            15,
            "hooks",
            "hooks: stricter decoding",
            "hooks/decode.go",
            """
     dec := json.NewDecoder(r.Body)
+    dec.DisallowUnknownFields()
     if err := dec.Decode(&e); err != nil {
""",
        ),
        (
            "gd000002",
            20,
            "edge",
            "edge: brotli",
            "edge/compress.go",
            "+    w = brotli.NewWriter(w)",
        ),
        (Gauge("hooks", "http_400_ratio", 0.002, 0.5, 18), Gauge("edge", "latency_p95", 22)),
        (
            Said("hooks", "took <n>"),
            Said("hooks", 'invalid body: json: unknown field "utm_source"', "WARN", 18, 0.25),
        ),
    ),
    second(
        "an unbounded cache",
        95,
        ("tiles", "gc_pause_ms", "tiles stops for seconds"),
        (("maps", "tiles"),),
        (
            "ge000001",
            30,
            "tiles",
            "tiles: cache by style and zoom",
            "tiles/src/TileCache.java",
            """
-        .maximumSize(10_000)
-        .expireAfterAccess(Duration.ofMinutes(10))
         .recordStats()
         .build(this::render);
""",
        ),
        ("ge000002", 80, "tiles", "tiles: license header", "tiles/src/Tile.java", "+// Copyright"),
        (
            Gauge("tiles", "gc_pause_ms", 12, 2800, 70, 15),
            Gauge("tiles", "heap_used_bytes", 6e8, 4e9, 33, 50),
        ),
        (
            Said("tiles", "rendered <n>", every=2),
            Said("tiles", "GC overhead limit: long pause 2.6 s", "WARN", 80),
        ),
    ),
    second(
        "an origin is missing",
        26,
        ("accounts", "preflight_failures", "browsers cannot call accounts"),
        (("spa", "accounts"),),
        (
            "gf000001",
            11,
            "accounts",
            "accounts: origins from settings",
            "accounts/src/cors.ts",
            """
-  origin: ['https://my.example.test', 'https://www.example.test'],
+  origin: [settings.origin],
""",
        ),
        ("gf000002", 16, "spa", "spa: bundle split", "spa/vite.config.ts", "+  manualChunks: {}"),
        (
            Gauge("accounts", "preflight_failures", 0.1, 45, 14),
            Gauge("spa", "api_errors", 0.2, 45, 14),
        ),
        (
            Said("accounts", "ok <n>"),
            Said(
                "spa",
                "request blocked by CORS policy: no Access-Control-Allow-Origin",
                "ERROR",
                14,
                0.5,
            ),
        ),
    ),
    second(
        "a column must not be empty",
        34,
        ("returns", "insert_errors", "returns cannot be filed"),
        (("portal", "returns"),),
        (
            "gg000001",
            19,
            "returns",
            "returns: reason is mandatory",
            "returns/migrations/0031.sql",
            """
+ALTER TABLE returns ALTER COLUMN reason SET NOT NULL;
""",
        ),
        (
            "gg000002",
            24,
            "portal",
            "portal: wording",
            "portal/i18n/en.json",
            '-{"a": "b"}\n+{"a": "c"}',
        ),
        (
            Gauge("returns", "insert_errors", 0.1, 28, 22),
            Gauge("portal", "http_500_ratio", 0.001, 0.4, 22),
        ),
        (
            Said("returns", "filed <n>"),
            Said(
                "returns",
                'null value in column "reason" violates not-null constraint',
                "ERROR",
                22,
                0.5,
            ),
        ),
    ),
)
