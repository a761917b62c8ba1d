"""Tables, indexes, caches, locks, events: changes of what is stored and exchanged."""

from .story import Gauge, Said, Story, commit, deploy

A_LOST_INDEX = Story(
    name="an index goes away",
    guilty=("1d1d1d1d",),
    alarm=60,
    alert=("orders", "response_time_p95", "orders p95 over 4 s"),
    calls=(("web", "orders"),),
    changes=(
        commit("1d1d1d1d", 38, "remove unused indexes",
               "orders/db/migrate/20250401_remove_unused_indexes.rb", """
+class RemoveUnusedIndexes < ActiveRecord::Migration[7.1]
+  def change
+    remove_index :orders, :customer_id
+  end
+end
"""),
        commit("2e2e2e2e", 45, "orders: permit gift_note", "orders/app/controllers/orders.rb", """
-    params.require(:order).permit(:sku, :quantity)
+    params.require(:order).permit(:sku, :quantity, :gift_note)
"""),
        commit("3f3f3f3f", 50, "bump puma from 6.4.0 to 6.4.2", "Gemfile.lock", """
-    puma (6.4.0)
+    puma (6.4.2)
"""),
        deploy("orders", 42, "1d1d1d1d"),
        deploy("orders", 52, "3f3f3f3f"),
    ),
    gauges=(
        Gauge("orders", "response_time_p95", 120, 4300, 43),
        Gauge("orders-db", "cpu_utilization", 20, 97, 43),
        Gauge("web", "response_time_p95", 250, 4500, 44),
    ),
    said=(
        Said("orders", "Completed 200 OK in 35ms"),
        Said("orders-db", "duration: 4120.3 ms statement: SELECT * FROM orders WHERE customer_id "
             "= $1", "LOG", 43, 0.5),
        Said("web", "orders answered late", "WARN", 45),
    ),
)  # fmt: skip

A_RENAMED_COLUMN = Story(
    name="a column has another name",
    guilty=("5ca1ab1e",),
    alarm=33,
    alert=("newsletter", "job_failures", "newsletter jobs fail"),
    calls=(("newsletter", "accounts"),),
    changes=(
        commit("5ca1ab1e", 18, "accounts: clearer column names",
               "accounts/migrations/0042_names.sql", """
+ALTER TABLE members RENAME COLUMN mail TO email_address;
"""),
        commit("ba5eba11", 24, "newsletter: footer with address", "newsletter/render.py", """
-    return body
+    return body + FOOTER
"""),
        deploy("accounts", 21, "5ca1ab1e"),
        deploy("newsletter", 26, "ba5eba11"),
    ),
    gauges=(
        Gauge("newsletter", "job_failures", 0.1, 25, 22),
        Gauge("newsletter", "mails_sent_per_min", 300, 0, 22),
        Gauge("accounts", "latency_p95", 30),
    ),
    said=(
        Said("newsletter", "batch <n> sent", until=22),
        Said("newsletter", "UndefinedColumn: column members.mail does not exist LINE 1: SELECT "
             "mail FROM members", "ERROR", 22, 0.5),
    ),
)  # fmt: skip

THE_KEY_NEVER_HITS = Story(
    name="a cache that is never hit",
    guilty=("0a0b0c0d",),
    alarm=52,
    alert=("pricing", "latency_p95", "pricing slow, database busy"),
    calls=(("basket", "pricing"),),
    changes=(
        commit("0a0b0c0d", 35, "pricing: cache key carries the rule version",
               "pricing/quote/cache.py", """
-    key = f"quote:{sku}:{currency}"
+    key = f"quote:{sku}:{currency}:{rules.version}:{time.time_ns()}"
     hit = self.redis.get(key)
"""),
        commit("1b1c1d1e", 41, "pricing: type hints", "pricing/quote/model.py", """
-def quote(sku, currency):
+def quote(sku: str, currency: str) -> Quote:
"""),
        commit("2c2d2e2f", 46, "basket: sort lines by time added", "basket/lines.py", """
-    return lines
+    return sorted(lines, key=lambda l: l.added_at)
"""),
        deploy("pricing", 37, "0a0b0c0d"),
        deploy("pricing", 43, "1b1c1d1e"),
        deploy("basket", 48, "2c2d2e2f"),
    ),
    gauges=(
        Gauge("pricing", "latency_p95", 20, 480, 38),
        Gauge("pricing", "cache_hit_ratio", 0.94, 0.0, 38),
        Gauge("pricing-db", "queries_per_second", 90, 2400, 38),
        Gauge("basket", "latency_p95", 60, 600, 39),
    ),
    said=(
        Said("pricing", "quoted <n>"),
        Said("pricing", "quote cache miss, asking the database", "WARN", 38, 0.25),
    ),
)  # fmt: skip

EVENTS_OF_ANOTHER_TYPE = Story(
    name="a producer changes a type",
    guilty=("7e57ab1e",),
    alarm=44,
    alert=("ledger-writer", "consumer_lag", "ledger-writer is behind on payments.captured"),
    calls=(),
    changes=(
        commit("7e57ab1e", 25, "capture: money as decimal strings",
               "capture/src/main/kotlin/events/Captured.kt", """
 data class Captured(
     val paymentId: UUID,
-    val amountMinor: Long,
+    val amountMinor: String,
     val currency: String,
 )
"""),
        commit("60061e00", 34, "ledger-writer: log the partition", "ledger-writer/src/Consumer.kt",
               """
-        logger.info("consumed {}", record.key())
+        logger.info("consumed {} from {}", record.key(), record.partition())
"""),
        deploy("capture", 31, "7e57ab1e"),
        deploy("ledger-writer", 36, "60061e00"),
    ),
    gauges=(
        Gauge("ledger-writer", "consumer_lag", 12, 48000, 32, 10),
        Gauge("ledger-writer", "records_consumed_rate", 80, 0, 32),
        Gauge("capture", "captures_per_min", 80),
    ),
    said=(
        Said("ledger-writer", "consumed <n>", until=32),
        Said("ledger-writer", "Cannot deserialize value of type `long` from String: field "
             "amountMinor in Captured", "ERROR", 32, 0.5),
    ),
)  # fmt: skip

A_CALL_INSIDE_THE_TRANSACTION = Story(
    name="a lock is held while a partner answers",
    guilty=("10c4ed00",),
    alarm=58,
    alert=("seats", "booking_failures", "bookings fail with lock wait timeout"),
    calls=(("kiosk", "seats"), ("seats", "fraud-check")),
    changes=(
        commit("10c4ed00", 40, "seats: one transaction for a booking", "seats/booking.py", """
-    seat = Seat.objects.get(id=seat_id)
-    verdict = fraud.check(customer)
+    with transaction.atomic():
+        seat = Seat.objects.select_for_update().get(id=seat_id)
+        verdict = fraud.check(customer)
     seat.book(customer, verdict)
"""),
        commit("cab1e000", 47, "kiosk: larger buttons", "kiosk/ui/buttons.scss",
               "-$h: 40px;\n+$h: 56px;"),
        commit("bead0001", 50, "fraud-check: report model age", "fraud-check/metrics.py", """
+MODEL_AGE = Gauge("model_age_seconds", "Age of the model")
"""),
        deploy("seats", 43, "10c4ed00"),
        deploy("kiosk", 49, "cab1e000"),
        deploy("fraud-check", 53, "bead0001"),
    ),
    gauges=(
        Gauge("seats", "booking_failures", 0.2, 18, 45),
        Gauge("seats", "db_lock_wait_seconds", 0.01, 40, 45),
        Gauge("kiosk", "error_rate", 0.002, 0.3, 46),
    ),
    said=(
        Said("seats", "seat <n> booked", every=2),
        Said("seats", "OperationalError: Lock wait timeout exceeded; try restarting transaction",
             "ERROR", 45, 0.5),
    ),
)  # fmt: skip

STORIES = (
    A_LOST_INDEX, A_RENAMED_COLUMN, THE_KEY_NEVER_HITS, EVENTS_OF_ANOTHER_TYPE,
    A_CALL_INSIDE_THE_TRANSACTION,
)  # fmt: skip
