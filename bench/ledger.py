"""What bench_install_ledger.py does inside Odoo: a ledger, and somebody who posts invoices."""

import time
from pathlib import Path

import generate


def fill(env, customers, items):
    templates = generate.prepare(env)
    env.cr.commit()
    generate.generate(env.cr._obj, templates, customers, items)
    env.cr.commit()
    return True


def post(env, until):
    """Post invoices until that file is there, as another worker of the server does.

    :return: the seconds that each took
    """
    from odoo.fields import Command  # noqa: PLC0415
    from odoo.service.model import retrying  # noqa: PLC0415
    from odoo.tools import mute_logger  # noqa: PLC0415

    partner = env["res.partner"].search([("name", "=", "Customer 5")], limit=1)
    taken = []
    Path(until + ".ready").touch()

    def post_one():
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": 10, "tax_ids": []})
                ],
            }
        )
        move.action_post()

    while not Path(until).exists():
        start = time.perf_counter()
        # Odoo logs a deadlock with an installation as an error, and tries again.
        with mute_logger("odoo.sql_db"):
            retrying(post_one, env)
        env.cr.commit()
        taken.append(time.perf_counter() - start)
    return taken
