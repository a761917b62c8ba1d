"""Settings, switches, names of variables, limits at the edge."""

from .story import Gauge, Said, Story, commit, deploy, flag

IMPATIENT = Story(
    name="a client waits a fiftieth",
    guilty=("71meb0b0",),
    alarm=30,
    alert=("router", "upstream_errors", "router: upstream errors 22 %"),
    calls=(("router", "geocoder"),),
    changes=(
        commit("71meb0b0", 15, "router: tighten the client defaults", "router/src/client.rs", """
-        .timeout(Duration::from_secs(10))
+        .timeout(Duration::from_millis(200))
         .pool_idle_timeout(None)
"""),
        commit("9999aaaa", 21, "geocoder: newer street data", "geocoder/data/manifest.toml",
               '-release = "2025.03"\n+release = "2025.04"'),
        deploy("router", 18, "71meb0b0"),
        deploy("geocoder", 24, "9999aaaa"),
    ),
    gauges=(
        Gauge("router", "upstream_errors", 0.001, 0.22, 19),
        Gauge("geocoder", "latency_p95", 0.4),
    ),
    said=(
        Said("router", "routed <n>"),
        Said("router", "error sending request to geocoder: operation timed out", "ERROR", 19, 0.5),
    ),
)  # fmt: skip

AGAIN_AND_AGAIN = Story(
    name="retries without a pause",
    guilty=("4e744e74",),
    alarm=64,
    alert=("inventory", "requests_per_second", "inventory overloaded, answering 429"),
    calls=(("shop", "inventory"), ("shop", "search")),
    changes=(
        commit("4e744e74", 48, "shop: be more robust against inventory hiccups",
               "shop/src/Stock/Client.php", """
-        return $this->http->get($url);
+        for ($attempt = 0; $attempt < 10; $attempt++) {
+            $response = $this->http->get($url);
+            if ($response->ok()) {
+                return $response;
+            }
+        }
+        return $response;
"""),
        commit("5e5e5e5e", 54, "search: synonyms for shoes", "search/config/synonyms.txt",
               "+sneaker, trainer"),
        deploy("shop", 51, "4e744e74"),
        deploy("search", 57, "5e5e5e5e"),
    ),
    gauges=(
        Gauge("inventory", "requests_per_second", 400, 3700, 52),
        Gauge("inventory", "throttled_ratio", 0.001, 0.8, 52),
        Gauge("shop", "latency_p95", 200, 1900, 52),
        Gauge("shop", "requests_per_second", 380),
    ),
    said=(
        Said("shop", "page <n> shown"),
        Said("inventory", "too many requests from shop, answering 429", "WARN", 52, 0.5),
    ),
)  # fmt: skip

ANOTHER_VARIABLE = Story(
    name="a variable has another name",
    guilty=("e47e47e4",),
    alarm=25,
    alert=("notifier", "send_failures", "notifier cannot send text messages"),
    calls=(("orders", "notifier"),),
    changes=(
        commit("e47e47e4", 12, "Consistent names of settings", "src/Notifier/Startup.cs", """
-        options.ApiKey = Environment.GetEnvironmentVariable("SMS_GATEWAY_KEY");
+        options.ApiKey = Environment.GetEnvironmentVariable("NOTIFIER_SMS_API_KEY");
"""),
        commit("aaaa5555", 17, "Orders: nullable reference types", "src/Orders/Orders.csproj",
               "+    <Nullable>enable</Nullable>"),
        deploy("notifier", 15, "e47e47e4"),
        deploy("orders", 20, "aaaa5555"),
    ),
    gauges=(
        Gauge("notifier", "send_failures", 0.1, 30, 16),
        Gauge("notifier", "messages_sent_total", 30, 0.0, 16),
    ),
    said=(
        Said("notifier", "sent <n>", until=16),
        Said("notifier", "ApiKey is null: SMS gateway answered 401 Unauthorized", "ERROR", 16, 0.5),
    ),
)  # fmt: skip

A_SWITCH = Story(
    name="a switch is turned",
    guilty=("flag-tax3",),
    alarm=41,
    alert=("checkout-web", "error_rate", "checkout-web errors on the summary page"),
    calls=(("checkout-web", "tax"),),
    changes=(
        flag("flag-tax3", 30, "checkout-web", "tax_engine_v3: off -> on for everybody"),
        commit("acce55ed", 22, "checkout-web: show the delivery date", "checkout-web/summary.vue",
               '+    <DeliveryDate :order="order" />'),
        deploy("checkout-web", 25, "acce55ed"),
        flag("flag-snow", 33, "checkout-web", "winter_theme: on -> off"),
    ),
    gauges=(
        Gauge("checkout-web", "error_rate", 0.002, 0.3, 31),
        Gauge("tax", "error_rate", 0.001),
    ),
    said=(
        Said("checkout-web", "summary <n> shown"),
        Said("checkout-web", "tax_engine_v3: no rate table for county 06075", "ERROR", 31, 0.5),
    ),
)  # fmt: skip

SMALL_BODIES = Story(
    name="only small bodies get in",
    guilty=("b0d1b0d1",),
    alarm=28,
    alert=("ingress", "http_413_total", "uploads rejected at the edge"),
    calls=(("ingress", "attachments"),),
    changes=(
        commit("b0d1b0d1", 14, "ingress: baseline from the security review",
               "ingress/nginx/conf.d/base.conf", """
-client_max_body_size 50m;
+client_max_body_size 1m;
 server_tokens off;
"""),
        commit("c1c1c1c1", 19, "attachments: checksum in the response", "attachments/upload.go", """
-    w.WriteHeader(http.StatusCreated)
+    w.Header().Set("X-Checksum", sum)
+    w.WriteHeader(http.StatusCreated)
"""),
        deploy("ingress", 17, "b0d1b0d1"),
        deploy("attachments", 21, "c1c1c1c1"),
    ),
    gauges=(
        Gauge("ingress", "http_413_total", 0.01, 44, 18),
        Gauge("attachments", "uploads_stored", 50, 4, 18),
    ),
    said=(
        Said("attachments", "stored <n>"),
        Said("ingress", "client intended to send too large body: 18874368 bytes", "error", 18, 0.5),
    ),
)  # fmt: skip

ONLY_SUMMARIES = Story(
    name="nothing but summaries is known",
    guilty=("abcabc01",),
    alarm=37,
    alert=("public-api", "http_429_ratio", "public-api throttles paying customers"),
    calls=(("public-api", "accounts"),),
    changes=(
        commit("abcabc01", 20, "rate limiter: buckets per tenant, 5 rps each by default",
               "public-api/ratelimit/buckets.ex"),
        commit("abcabc02", 24, "docs: pagination", "docs/pagination.md"),
        commit("abcabc03", 26, "accounts: remember the last login", "accounts/session.ex"),
        deploy("public-api", 23, "abcabc01"),
        deploy("accounts", 28, "abcabc03"),
    ),
    gauges=(
        Gauge("public-api", "http_429_ratio", 0.001, 0.4, 24),
        Gauge("accounts", "latency_p95", 15),
    ),
    said=(
        Said("public-api", "served <n>"),
        Said("public-api", "rate limit exceeded for tenant bucket", "WARN", 24, 0.25),
    ),
)  # fmt: skip

STORIES = (IMPATIENT, AGAIN_AND_AGAIN, ANOTHER_VARIABLE, A_SWITCH, SMALL_BODIES, ONLY_SUMMARIES)
