"""Promotions: preparing a send to 100,000 recipients.

States the ratio of freezing the list (who gets it, who does not and why, and the unique index on
promotion and address) to one plain INSERT … SELECT of as many rows into the same table, both
measured in this run. Other users go on working meanwhile: a second session changes a contact
while the list is being frozen.
"""

import os
import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from devkit import databases, paths
from devkit.odoo_cli import Odoo

COUNT = {"small": 10_000, "medium": 100_000, "large": 300_000}[os.environ.get("BENCH", "medium")]
ROUNDS = 3

GENERATE = """
INSERT INTO res_partner (name, complete_name, email, email_normalized, active, customer_rank,
                         supplier_rank, type, autopost_bills, create_date, write_date)
SELECT 'B' || n, 'B' || n, 'b' || n || '@example.com', 'b' || n || '@example.com', TRUE, 1, 0,
       'contact', 'ask', now(), now()
  FROM generate_series(1, %s) AS n
"""
PLAIN = """
INSERT INTO bizuno_promo_recipient (promo_id, history_id, partner_id, email, email_normalized,
                                    send_state, message_bounce, create_uid, create_date,
                                    write_uid, write_date)
SELECT %s, %s, id, email_normalized, email_normalized, 'pending', 0, 1, now(), 1, now()
  FROM res_partner WHERE name LIKE 'B%%' AND email_normalized IS NOT NULL
"""


def main():
    odoo = Odoo()
    name = paths.database_name("benchpromo")
    databases.with_addon(odoo, name)
    sys.path.insert(0, str(odoo.source.code))
    import odoo as odoo_package  # noqa: PLC0415  (its path is known only now)
    from odoo.modules.registry import Registry  # noqa: PLC0415
    from odoo.tools import config  # noqa: PLC0415

    config.parse_config(["-c", str(odoo.config("bench", db_name=name, log_level="warn"))])
    registry = Registry(name)
    freeze_times, plain_times, queries = [], [], []
    with registry.cursor() as cr:
        cr.execute(GENERATE, [COUNT])
        cr.commit()
        cr.execute("ANALYZE res_partner")
        cr.commit()
        env = odoo_package.api.Environment(cr, 1, {})
        promo = env["bizuno.promo"].create({
            "name": "Bench", "subject": "Bench", "body_html": "<p>Bench</p>",
            "email_from": "sales@example.com", "distribution": "all",
        })  # fmt: skip
        env.flush_all()
        cr.commit()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(ROUNDS):
            history = env["bizuno.promo.history"].create({"promo_id": promo.id, "user_id": 1})
            env.flush_all()
            start = time.perf_counter()
            cr.execute(PLAIN, [promo.id, history.id])
            plain_times.append(time.perf_counter() - start)
            cr.rollback()
            env.invalidate_all()
            before = cr.sql_log_count
            start = time.perf_counter()
            frozen = promo._freeze()
            env.flush_all()
            freeze_times.append(time.perf_counter() - start)
            queries.append(cr.sql_log_count - before)
            assert frozen.recipient_count >= COUNT
            _other_user_works(registry)
            cr.rollback()
            env.invalidate_all()
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    odoo.server.drop(name)
    ratio = statistics.median(freeze_times) / statistics.median(plain_times)
    print(
        f"promotions: preparing a send to {COUNT:,} recipients against one plain INSERT of as many "
        f"rows: {ratio:.2f} times ({statistics.median(freeze_times):.2f} s against "
        f"{statistics.median(plain_times):.2f} s; limit 3), {max(queries)} queries, "
        f"{grown:.0f} MB more memory; contacts could be changed meanwhile"
    )
    return 0 if ratio <= 3 and grown < 50 else 1


def _other_user_works(registry):
    with registry.cursor() as cr:
        cr.execute("SET LOCAL lock_timeout = '1s'")
        cr.execute("UPDATE res_partner SET phone = '1' WHERE name = 'B1'")
        cr.rollback()


if __name__ == "__main__":
    sys.exit(main())
