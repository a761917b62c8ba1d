"""Pools, memory, descriptors, processors: changes that let something run out."""

from .story import Gauge, Said, Story, commit, deploy, flag

LEAKED_CONNECTIONS = Story(
    name="connections are not given back",
    guilty=("a41c9e02",),
    alarm=70,
    alert=("reporting-api", "http_5xx_rate", "reporting-api answers 500 on /exports"),
    calls=(("console", "reporting-api"),),
    changes=(
        commit("0b7711aa", 5, "docs: how to run exports locally", "docs/exports.md",
               "-Run make.\n+Run make export."),
        commit("a41c9e02", 20, "exports: flatten the writer", "reporting/exports/writer.py", """
-    with pool.connection() as conn:
-        rows = conn.execute(EXPORT_SQL, params)
-        for row in rows:
-            sink.write(row)
+    conn = pool.getconn()
+    for row in conn.execute(EXPORT_SQL, params):
+        sink.write(row)
"""),
        commit("77d0c3f1", 44, "exports: name columns in the header line",
               "reporting/exports/header.py", """
-    sink.write(DEFAULT_HEADER)
+    sink.write(header_for(columns))
"""),
        deploy("reporting-api", 25, "a41c9e02"),
        deploy("reporting-api", 47, "77d0c3f1"),
    ),
    gauges=(
        Gauge("reporting-api", "http_5xx_rate", 0.002, 0.4, 52, 10),
        Gauge("reporting-api", "db_connections_in_use", 3, 20, 26, 28),
        Gauge("console", "page_load_p95_ms", 800, 2400, 55),
    ),
    said=(
        Said("reporting-api", "export <n> written", every=2),
        Said("reporting-api", "psycopg_pool.PoolTimeout: couldn't get a connection after 30.00 sec",
             "ERROR", 52),
    ),
)  # fmt: skip

SMALL_POOL = Story(
    name="a pool of a tenth",
    guilty=("c0ffee11",),
    alarm=48,
    alert=("billing", "latency_p99", "billing p99 above 2 s"),
    calls=(("storefront", "billing"), ("billing", "ledger-db")),
    changes=(
        commit("c0ffee11", 30, "build: adopt the shared application template",
               "billing/src/main/resources/application.yml", """
 spring:
   datasource:
     hikari:
-      maximum-pool-size: 30
+      maximum-pool-size: 3
       connection-timeout: 30000
"""),
        commit("de1e7e22", 33, "billing: shorter log pattern",
               "billing/src/main/resources/logback.xml", """
-  <pattern>%d{ISO8601} %-5level %logger{36} - %msg%n</pattern>
+  <pattern>%d %-5level %logger{20} - %msg%n</pattern>
"""),
        commit("facade33", 38, "storefront: lazy load the footer", "storefront/src/Footer.tsx", """
-import Footer from './Footer'
+const Footer = lazy(() => import('./Footer'))
"""),
        deploy("billing", 36, "de1e7e22"),
        deploy("storefront", 41, "facade33"),
    ),
    gauges=(
        Gauge("billing", "latency_p99", 180, 2900, 37),
        Gauge("billing", "hikaricp_connections_pending", 0.2, 60, 37),
        Gauge("storefront", "latency_p99", 300, 3100, 38),
    ),
    said=(
        Said("billing", "invoice <n> issued"),
        Said("billing", "HikariPool-1 - Connection is not available, request timed out after "
             "30000ms", "ERROR", 37, 0.5),
    ),
)  # fmt: skip

SESSIONS_NEVER_LEAVE = Story(
    name="a map that only grows",
    guilty=("9f3be7d4",),
    alarm=150,
    alert=("lobby", "container_memory_rss_bytes", "lobby restarted: OOMKilled"),
    calls=(("edge", "lobby"), ("lobby", "matchmaker")),
    changes=(
        commit("9f3be7d4", 28, "lobby: simplify presence bookkeeping", "lobby/presence/presence.go",
               """
 func (p *Presence) Leave(id string) {
     p.hub.Publish(Left{ID: id})
-    delete(p.sessions, id)
 }
-
-func (p *Presence) expire(now time.Time) {
-    for id, s := range p.sessions {
-        if now.Sub(s.seen) > p.ttl {
-            delete(p.sessions, id)
-        }
-    }
-}
"""),
        commit("1c2d3e4f", 120, "lobby: rename metrics prefix", "lobby/metrics/metrics.go", """
-const prefix = "lby_"
+const prefix = "lobby_"
"""),
        commit("5a6b7c8d", 138, "matchmaker: fairer brackets", "matchmaker/bracket.go", """
-    return players[i].Rank < players[j].Rank
+    return players[i].Rank+players[i].Streak < players[j].Rank+players[j].Streak
"""),
        deploy("lobby", 31, "9f3be7d4"),
        deploy("lobby", 124, "1c2d3e4f"),
        deploy("matchmaker", 141, "5a6b7c8d"),
    ),
    gauges=(
        Gauge("lobby", "container_memory_rss_bytes", 3e8, 2.1e9, 32, 110),
        Gauge("lobby", "restarts_total", 0.01, 3, 148),
        Gauge("edge", "websocket_disconnects", 2, 90, 148),
    ),
    said=(
        Said("lobby", "player <n> joined", every=2),
        Said("lobby", "fatal error: runtime: out of memory", "FATAL", 148, 2),
        Said("edge", "upstream lobby closed connection", "WARN", 148),
    ),
)  # fmt: skip

TOO_LITTLE_MEMORY = Story(
    name="a quarter of the memory",
    guilty=("b0b0cafe",),
    alarm=40,
    alert=("thumbnailer", "restarts_total", "thumbnailer is restarting"),
    calls=(("uploads", "thumbnailer"),),
    changes=(
        commit("b0b0cafe", 26, "infra: right-size requests and limits",
               "deploy/prod/thumbnailer.yaml", """
         resources:
           limits:
-            memory: 1Gi
+            memory: 256Mi
             cpu: 500m
"""),
        commit("decade01", 31, "uploads: accept webp", "uploads/mime.py", """
-ALLOWED = {"image/png", "image/jpeg"}
+ALLOWED = {"image/png", "image/jpeg", "image/webp"}
"""),
        deploy("thumbnailer", 30, "b0b0cafe"),
        deploy("uploads", 33, "decade01"),
    ),
    gauges=(
        Gauge("thumbnailer", "restarts_total", 0.01, 4, 31),
        Gauge("thumbnailer", "jobs_per_minute", 220, 40, 31),
        Gauge("uploads", "queue_depth", 5, 900, 32, 8),
    ),
    said=(
        Said("thumbnailer", "made <n>"),
        Said("thumbnailer", "container terminated: OOMKilled, exit code 137", "ERROR", 31),
        Said("uploads", "thumbnail queue is filling: <n> waiting", "WARN", 34),
    ),
)  # fmt: skip

EVERY_ITEM_AT_ONCE = Story(
    name="one socket per item",
    guilty=("e17e0a55",),
    alarm=55,
    alert=("fetcher", "fetch_error_ratio", "fetcher fails to open feeds"),
    calls=(("reader", "fetcher"),),
    changes=(
        commit("e17e0a55", 41, "fetcher: refresh feeds concurrently", "fetcher/refresh.go", """
-    for _, feed := range feeds {
-        if err := f.refresh(ctx, feed); err != nil {
-            log.Warn("refresh", "feed", feed.URL, "err", err)
-        }
-    }
+    for _, feed := range feeds {
+        go func(feed Feed) {
+            _ = f.refresh(ctx, feed)
+        }(feed)
+    }
"""),
        commit("0ddba115", 47, "reader: dark theme", "reader/web/theme.css",
               "-body { color: #222 }\n+body { color: #eee }"),
        deploy("fetcher", 44, "e17e0a55"),
        deploy("reader", 49, "0ddba115"),
        flag("flag-77", 50, "reader", "dark_theme off -> on for 10 %"),
    ),
    gauges=(
        Gauge("fetcher", "fetch_error_ratio", 0.01, 0.7, 46),
        Gauge("fetcher", "process_open_fds", 60, 1024, 45),
        Gauge("fetcher", "goroutines", 40, 5200, 45),
    ),
    said=(
        Said("fetcher", "refreshed feed <n>"),
        Said("fetcher", "dial tcp: socket: too many open files", "ERROR", 46, 0.5),
    ),
)  # fmt: skip

A_HUNGRY_PATTERN = Story(
    name="a pattern that backtracks",
    guilty=("4e6e4e6e",),
    alarm=36,
    alert=("signup", "cpu_utilization", "signup CPU at 100 %"),
    calls=(("www", "signup"),),
    changes=(
        commit("4e6e4e6e", 22, "signup: accept plus addresses", "signup/src/validate.ts", """
-const EMAIL = /^[^@]+@[^@]+$/
+const EMAIL = new RegExp('^([a-zA-Z0-9]+([._+-]?[a-zA-Z0-9]+)*)+@([a-z0-9]+[.-]?)+$')
"""),
        commit("13371337", 27, "signup: copy of the welcome mail", "signup/templates/welcome.mjml",
               "-Welcome!\n+Welcome aboard!"),
        commit("20202020", 29, "www: cookie banner for the US", "www/src/banner.tsx", """
-  if (region === 'EU') show()
+  if (region === 'EU' || region === 'US') show()
"""),
        deploy("signup", 25, "4e6e4e6e"),
        deploy("signup", 28, "13371337"),
        deploy("www", 31, "20202020"),
    ),
    gauges=(
        Gauge("signup", "cpu_utilization", 12, 99, 26),
        Gauge("signup", "event_loop_lag_ms", 3, 4100, 26),
        Gauge("www", "signup_latency_p95_ms", 150, 6000, 27),
    ),
    said=(
        Said("signup", "account <n> created", every=2),
        Said("signup", "health probe took too long: 5003 ms", "WARN", 27),
        Said("www", "signup timed out", "ERROR", 28),
    ),
)  # fmt: skip

STORIES = (
    LEAKED_CONNECTIONS, SMALL_POOL, SESSIONS_NEVER_LEAVE, TOO_LITTLE_MEMORY, EVERY_ITEM_AT_ONCE,
    A_HUNGRY_PATTERN,
)  # fmt: skip
