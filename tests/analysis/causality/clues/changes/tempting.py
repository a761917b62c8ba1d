"""The incidents that no change brought about, with a change that a hasty mind would blame."""

from __future__ import annotations

from .stories import NONE
from .story import Story, commit, deploy

_TEMPTATIONS = {
    "a partner's certificate runs out": ("identity: tidy the TLS defaults",
        "identity/src/Tls.java", """
-    private static final String[] SUITES = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};
+    private static final String[] SUITES = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256",
+        "TLS_CHACHA20_POLY1305_SHA256"};
"""),
    "a payment provider is down": ("payments: tune the cardhouse client",
        "payments/cardhouse/client.py", """
-    retries=3,
+    retries=4,
-    timeout=5.0,
+    timeout=6.0,
"""),
    "four times the visitors": ("catalog: tune the worker pool", "catalog/server.yaml", """
-workers: 64
+workers: 60
"""),
    "a disk dies": ("collector: flush more often", "collector/flush.rs", """
-const FLUSH_EVERY: Duration = Duration::from_secs(5);
+const FLUSH_EVERY: Duration = Duration::from_secs(4);
"""),
    "one message comes again and again": ("shipments: clearer errors of the parser",
        "shipments/parse.py", """
-    except ValueError as e:
-        log.error("bad record: %s", e)
-        raise
+    except ValueError as e:
+        log.error("cannot parse record at offset=%s: %s", offset, e)
+        raise
"""),
    "machines are taken back": ("encoder: drain before stopping", "encoder/drain.go", """
-	srv.Stop()
+	srv.GracefulStop()
"""),
    "strangers try passwords": ("login: count failed logins per account", "login/limits.py", """
-MAX_FAILED = 10
+MAX_FAILED = 9
"""),
    "nothing that changed has to do with it": ("invoices: fewer connections",
        "invoices/db.yaml", """
-pool: 20
+pool: 18
"""),
    "a supplier sends another format": ("importer: tidy the row reader", "importer/rows.go", """
-	fields := strings.Split(line, ";")
-	if len(fields) != want {
-		return nil, fmt.Errorf("malformed row: %d fields", len(fields))
-	}
+	fields, err := split(line, want)
+	if err != nil {
+		return nil, err
+	}
"""),
}  # fmt: skip


def tempting(story: Story) -> Story:
    """Add the temptation two minutes before the trouble, deployed to whom the alarm is about."""
    summary, files, diff = _TEMPTATIONS[story.name]
    first = min(g.minute for g in story.gauges if g.then is not None)
    entity = files.partition("/")[0]
    return story._replace(
        name=f"{story.name}, tempting",
        changes=(
            *story.changes,
            commit("7e47ab1e", first - 4.0, summary, files, diff.replace("\t", "    ")),
            deploy(entity, first - 2.0, "7e47ab1e"),
        ),
    )


TEMPTING = tuple(tempting(story) for story in NONE)
