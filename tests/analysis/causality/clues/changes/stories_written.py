"""Code that does something else than before."""

from .story import Gauge, Said, Story, commit, deploy

ASKS_FOR_EACH = Story(
    name="asks once per row",
    guilty=("f0f0f0f0",),
    alarm=47,
    alert=("timetable", "response_time", "timetable takes 6 s"),
    calls=(("app", "timetable"), ("timetable", "stations")),
    changes=(
        commit("f0f0f0f0", 30, "timetable: station names in the reader's language",
               "timetable/src/main/java/board/BoardAssembler.java", """
-        return departures;
+        for (Departure d : departures) {
+            d.setPlatformName(stationClient.lookup(d.getStationId(), locale).getName());
+        }
+        return departures;
"""),
        commit("e0e0e0e0", 38, "timetable: drop the unused Joda dependency", "timetable/pom.xml",
               "-    <artifactId>joda-time</artifactId>"),
        deploy("timetable", 33, "f0f0f0f0"),
        deploy("timetable", 41, "e0e0e0e0"),
    ),
    gauges=(
        Gauge("timetable", "response_time", 140, 6100, 34),
        Gauge("stations", "request_rate", 60, 2500, 34),
        Gauge("app", "response_time", 300, 6400, 35),
    ),
    said=(
        Said("timetable", "board <n> shown"),
        Said("timetable", "GET /board/8000105 took 6011 ms, 84 calls of stations", "WARN", 34),
    ),
)  # fmt: skip

NO_CHECK = Story(
    name="a check is gone",
    guilty=("0bad0bad",),
    alarm=39,
    alert=("feed", "crash_rate", "feed crashes"),
    calls=(("mobile-gateway", "feed"),),
    changes=(
        commit("0bad0bad", 24, "feed: compact the card builder", "feed/lib/card.rb", """
-    return Card.empty if post.author.nil?
-    Card.new(title: post.title, by: post.author.handle)
+    Card.new(title: post.title, by: post.author.handle)
"""),
        commit("cafe0002", 30, "feed: spec for long titles", "feed/spec/card_spec.rb",
               "+  it { expect(card.title.size).to be <= 80 }"),
        commit("cafe0003", 31, "mobile-gateway: trace header", "mobile-gateway/trace.rb",
               "+    headers['X-Trace'] = trace_id"),
        deploy("feed", 27, "0bad0bad"),
        deploy("mobile-gateway", 33, "cafe0003"),
    ),
    gauges=(
        Gauge("feed", "crash_rate", 0.001, 0.2, 28),
        Gauge("mobile-gateway", "http_502_ratio", 0.001, 0.2, 29),
    ),
    said=(
        Said("feed", "feed <n> built"),
        Said("feed", "NoMethodError: undefined method `handle' for nil:NilClass", "ERROR", 28, 0.5,
             extra={"backtrace": "card.rb:12:in `build'"}),
    ),
)  # fmt: skip

NOT_BY_ITSELF = Story(
    name="two threads, one balance",
    guilty=("5eaf00d5",),
    alarm=90,
    alert=("wallet", "reconciliation_mismatch", "wallet balances do not match the ledger"),
    calls=(("game", "wallet"),),
    changes=(
        commit("5eaf00d5", 55, "wallet: faster top-ups", "wallet/src/Wallet.java", """
-    public synchronized void add(long amount) {
-        balance += amount;
+    public void add(long amount) {
+        balance += amount;
     }
"""),
        commit("5eaf00d6", 70, "wallet: javadoc", "wallet/src/Wallet.java", """
-    /** Adds. */
+    /** Adds an amount in minor units. */
"""),
        commit("5eaf00d7", 78, "game: new level", "game/levels/12.json", '+{"level": 12}'),
        deploy("wallet", 58, "5eaf00d5"),
        deploy("wallet", 73, "5eaf00d6"),
        deploy("game", 80, "5eaf00d7"),
    ),
    gauges=(
        Gauge("wallet", "reconciliation_mismatch", 0.01, 12, 62, 15),
        Gauge("wallet", "latency_p95", 30, 12, 58),
    ),
    said=(
        Said("wallet", "topped up <n>"),
        Said("wallet", "balance mismatch: lost update suspected", "ERROR", 64, 2),
    ),
)  # fmt: skip

STRICT = Story(
    name="old tokens are turned away",
    guilty=("5716c700",),
    alarm=35,
    alert=("sso", "login_failures", "customers cannot log in"),
    calls=(("portal", "sso"), ("sso", "directory")),
    changes=(
        commit("5716c700", 20, "sso: require the new audience", "sso/verify.ts", """
-  const { payload } = await jwtVerify(token, keys)
+  const { payload } = await jwtVerify(token, keys, { audience: PORTAL, requiredClaims: ['aud'] })
"""),
        commit("11110000", 25, "directory: faster group lookup", "directory/groups.ts", """
-  return groups.filter(g => ids.includes(g.id))
+  const wanted = new Set(ids)
+  return groups.filter(g => wanted.has(g.id))
"""),
        deploy("sso", 22, "5716c700"),
        deploy("directory", 28, "11110000"),
    ),
    gauges=(
        Gauge("sso", "login_failures", 0.5, 70, 23),
        Gauge("portal", "http_401_ratio", 0.01, 0.6, 23),
        Gauge("directory", "latency_p95", 20),
    ),
    said=(
        Said("sso", "login <n>", until=23),
        Said("sso", 'JWTClaimValidationFailed: unexpected "aud" claim value', "WARN", 23, 0.25),
        Said("portal", "sso answered 401", "ERROR", 23),
    ),
)  # fmt: skip

STORIES = (ASKS_FOR_EACH, NO_CHECK, NOT_BY_ITSELF, STRICT)
