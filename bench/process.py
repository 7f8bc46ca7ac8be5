"""Odoo in the benchmark's own process."""

import sys


def registry(odoo, database, log_level="error"):
    """:return: Odoo's registry of a database"""
    sys.path.insert(0, str(odoo.source.code))
    from odoo.modules.registry import Registry  # noqa: PLC0415  (its path is known only now)
    from odoo.tools import config  # noqa: PLC0415

    config.parse_config(["-c", str(odoo.config("bench", db_name=database, log_level=log_level))])
    return Registry(database)


def environment(cr, uid=1, **context):
    from odoo import api  # noqa: PLC0415

    return api.Environment(cr, uid, context)
