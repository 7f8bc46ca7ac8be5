"""Promotions: preparing a send to 100,000 recipients, and making its mails.

- Freezing the list (who gets it, who does not and why, under the unique index on promotion and
  address) against one plain INSERT … SELECT of as many rows into the same table: at most 2.5 times,
  because each contact is judged by six rules before its row is written; in a fixed number of
  queries, and without its rows ever being in Python's memory.
- Making the mails of the frozen list takes no longer than Odoo's own mailing to as many contacts,
  and a batch of a long list costs no more queries than one of a short list.
- Others go on working: while the list is being frozen, another session changes and creates
  contacts, blacklists an address and freezes a promotion of its own, and waits for no lock.
"""

import logging
import resource
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import process
from devkit import databases, paths
from devkit.odoo_cli import Odoo
from sizes import IS_TIMED, choose

COUNT = choose(small=10_000, medium=100_000, large=300_000)
SHORT = 1_000
MAILS = 300  # six of Odoo's batches, and more than it would send at once
ROUNDS = 3
MOST_FREEZE = 2.5
MOST_MAILS = 1.0
MOST_MEGABYTES = 20

GENERATE = """
INSERT INTO res_partner (name, complete_name, email, email_normalized, active, customer_rank,
                         supplier_rank, type, autopost_bills, industry_id, create_date, write_date)
SELECT name || ' ' || n, name || ' ' || n, lower(name) || n || '@example.com',
       lower(name) || n || '@example.com', TRUE, 1, 0, 'contact', 'ask', industry, now(), now()
  FROM (VALUES ('Long', %s, %s), ('Short', %s, %s)) AS part(name, size, industry),
       generate_series(1, size) AS n
"""
PLAIN = """
INSERT INTO bizuno_promo_recipient (promo_id, history_id, partner_id, email, email_normalized,
                                    send_state, message_bounce, create_uid, create_date,
                                    write_uid, write_date)
SELECT %s, %s, id, email_normalized, email_normalized, 'pending', 0, 1, now(), 1, now()
  FROM res_partner WHERE industry_id = %s AND email_normalized IS NOT NULL
"""


def main():
    odoo = Odoo()
    name = paths.database_name("benchpromo")
    databases.with_addon(odoo, name)
    registry = process.registry(odoo, name)
    logging.disable(logging.WARNING)
    with registry.cursor() as cr:
        promos = _prepare(cr)
    checks = [
        *_bench_freezing(registry, promos["Long"]),
        _bench_others(registry, promos),
        *_bench_mails(registry, promos),
    ]
    registry.delete(name)
    odoo.server.drop(name)
    return 0 if all(checks) else 1


def _prepare(cr):
    """:return: {"Long" and "Short": the promotion's id and the industry of its contacts}"""
    env = process.environment(cr, tracking_disable=True)
    industries = env["res.partner.industry"].create([{"name": "Long"}, {"name": "Short"}])
    cr.execute(GENERATE, [COUNT, industries[0].id, SHORT, industries[1].id])
    env["ir.mail_server"].create({"name": "Bench", "smtp_host": "smtp.invalid"})
    promos = env["bizuno.promo"].create([
        {
            "name": f"Bench {industry.name}", "subject": "Bench", "email_from": "sales@example.com",
            "body_html": '<p>Have a look at <a href="https://example.com/sale">the sale</a>.</p>',
            "distribution": "filter", "partner_domain": repr([("industry_id", "=", industry.id)]),
        }
        for industry in industries
    ])  # fmt: skip
    env.flush_all()
    cr.commit()
    cr.execute("ANALYZE res_partner")
    cr.commit()
    return {
        industry.name: (promo.id, industry.id)
        for promo, industry in zip(promos, industries, strict=True)
    }


def _bench_freezing(registry, promo):
    promo_id, industry_id = promo
    freeze_times, plain_times, queries = [], [], []
    with registry.cursor() as cr:
        env = process.environment(cr, tracking_disable=True)
        promo = env["bizuno.promo"].browse(promo_id)
        memory = _memory()
        for _ in range(ROUNDS):
            history = env["bizuno.promo.history"].create({"promo_id": promo.id, "user_id": 1})
            env.flush_all()
            start = time.perf_counter()
            cr.execute(PLAIN, [promo.id, history.id, industry_id])
            plain_times.append(time.perf_counter() - start)
            assert cr.rowcount == COUNT
            cr.rollback()
            env.invalidate_all()
            before, start = cr.sql_log_count, time.perf_counter()
            frozen = promo._freeze()
            env.flush_all()
            freeze_times.append(time.perf_counter() - start)
            queries.append(cr.sql_log_count - before)
            assert frozen.recipient_count == COUNT
            cr.rollback()
            env.invalidate_all()
        grown = _memory() - memory
    plain, freeze = statistics.median(plain_times), statistics.median(freeze_times)
    print(
        f"promotions: freezing {COUNT:,} recipients against one plain INSERT of as many rows: "
        f"{freeze / plain:.2f} times ({freeze:.2f} s against {plain:.2f} s; limit {MOST_FREEZE}), "
        f"{max(queries)} queries (limit 20), {grown:.0f} MB more memory (limit {MOST_MEGABYTES})"
    )
    return (
        freeze <= MOST_FREEZE * plain or not IS_TIMED,
        max(queries) <= 20,
        grown <= MOST_MEGABYTES,
    )


def _bench_others(registry, promos):
    """What other users do while a list is frozen, each in a transaction of its own that gives up
    after waiting for a lock for half a second."""
    begun, done, failures = threading.Event(), threading.Event(), []

    def freeze():
        try:
            with registry.cursor() as cr:
                env = process.environment(cr, tracking_disable=True)
                begun.set()
                env["bizuno.promo"].browse(promos["Long"][0])._freeze()
                env.flush_all()
                # The transaction, and whatever it has locked, stays open for a while.
                time.sleep(1)
                cr.rollback()
        except Exception as problem:  # noqa: BLE001  (a thread's failure is the benchmark's)
            failures.append(problem)
        finally:
            done.set()

    alone = max(_work_as_others(registry, promos, number) for number in range(ROUNDS))
    worker = threading.Thread(target=freeze)
    worker.start()
    begun.wait()
    meanwhile = []
    while not done.is_set():
        meanwhile.append(_work_as_others(registry, promos, ROUNDS + len(meanwhile)))
    worker.join()
    if failures:
        raise failures[0]
    print(
        f"promotions: others' work while {COUNT:,} recipients are frozen: {len(meanwhile)} rounds "
        f"of four transactions, none waited for a lock; the slowest took {max(meanwhile):.2f} s, "
        f"alone {alone:.2f} s"
    )
    return len(meanwhile) > 0


def _work_as_others(registry, promos, number):
    def change_a_contact(env):
        contact = env["res.partner"].search([("industry_id", "=", promos["Long"][1])], limit=1)
        contact.phone = str(number)

    def create_a_contact(env):
        env["res.partner"].create({"name": f"New {number}", "email": f"new{number}@example.com"})

    def blacklist_an_address(env):
        env["mail.blacklist"]._add(f"long{number + 1}@example.com")

    def freeze_another_list(env):
        env["bizuno.promo"].browse(promos["Short"][0])._freeze()

    start = time.perf_counter()
    for work in (change_a_contact, create_a_contact, blacklist_an_address, freeze_another_list):
        with registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '500ms'")
            env = process.environment(cr, tracking_disable=True)
            work(env)
            env.flush_all()
            cr.rollback()
    return time.perf_counter() - start


def _bench_mails(registry, promos):
    """Odoo makes mails in batches and commits each: the database is thrown away afterwards."""
    times, queries = {"odoo": [], "Long": [], "Short": []}, {}
    memory = None
    with registry.cursor() as cr:
        env = process.environment(cr, tracking_disable=True)
        mailings = {"odoo": _native_mailing(env, promos["Short"][1])}
        ids = {"odoo": env["res.partner"].search([("industry_id", "=", promos["Short"][1])]).ids}
        for name in ("Long", "Short"):
            promo = env["bizuno.promo"].browse(promos[name][0])
            promo.action_send()
            mailings[name] = promo.history_ids.mailing_id
            ids[name] = mailings[name]._get_remaining_recipients()
        cr.commit()
        for number in range(ROUNDS):
            for name, mailing in mailings.items():
                env.invalidate_all()
                before, start = cr.sql_log_count, time.perf_counter()
                some = ids[name][number * MAILS : (number + 1) * MAILS]
                mailing._action_send_mail(some)
                times[name].append(time.perf_counter() - start)
                queries[name] = cr.sql_log_count - before
            memory = memory or _memory()  # after the first round, when all code is loaded
        grown = _memory() - memory
        made = env["mail.mail"].search_count([
            ("mailing_id", "in", [mailing.id for mailing in mailings.values()]),
            ("state", "=", "outgoing"),
        ])  # fmt: skip
        assert made == len(mailings) * ROUNDS * MAILS, made
    seconds = {name: statistics.median(some) for name, some in times.items()}
    ratio = seconds["Long"] / seconds["odoo"]
    batches = MAILS // 50
    print(
        f"promotions: making {MAILS} mails of {COUNT:,} against Odoo's own mailing: {ratio:.2f} "
        f"times ({seconds['Long']:.2f} s against {seconds['odoo']:.2f} s; limit {MOST_MAILS}); "
        f"queries per batch: {queries['Long'] / batches:.0f}, of a list of {SHORT:,}: "
        f"{queries['Short'] / batches:.0f}, Odoo's own {queries['odoo'] / batches:.0f}; "
        f"{grown:.0f} MB more memory (limit {MOST_MEGABYTES})"
    )
    return (
        ratio <= MOST_MAILS or not IS_TIMED,
        queries["Long"] <= queries["Short"] + batches,
        grown <= MOST_MEGABYTES,
    )


def _native_mailing(env, industry_id):
    return env["mailing.mailing"].create({
        "subject": "Bench",
        "body_html": '<p>Have a look at <a href="https://example.com/sale">the sale</a>.'
        '<a href="/unsubscribe_from_list">Unsubscribe</a></p>',
        "mailing_model_id": env["ir.model"]._get_id("res.partner"),
        "mailing_domain": repr([("industry_id", "=", industry_id)]),
    })  # fmt: skip


def _memory():
    """:return: the most memory this process has used, in MB"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
