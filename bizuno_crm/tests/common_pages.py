"""What the web client asks of the server when somebody opens a page."""

import contextlib
from unittest.mock import patch

from lxml import etree
from odoo.sql_db import Cursor

# Views inside a one2many of a form, of which the client shows one.
_SUBVIEWS = ("list", "kanban")
# What the client reads of a record that stands for itself, as a tag or in a many2one.
_NAME = {"fields": {"display_name": {}}}


def form_specification(records):
    """What `web_read` is asked for when one of these records is opened in its form.

    :param records: a recordset with the user and context of the menu
    :return: the specification, as the client derives it from the form
    """
    arch = etree.fromstring(records.get_view(view_type="form")["arch"])
    return _specification(records, arch)


def _specification(records, node):
    found = {}
    for child in node:
        if child.tag == "field":
            name = child.get("name")
            field = records._fields[name]
            found[name] = _of_field(records, field, child) or found.get(name, {})
        elif isinstance(child.tag, str):
            found.update(_specification(records, child))
    return found


def _of_field(records, field, node):
    if field.type == "many2one":
        return _NAME
    if field.type not in ("one2many", "many2many"):
        return {}
    views = [child for child in node if child.tag in _SUBVIEWS]
    if not views:
        return _NAME if field.type == "many2many" else {}
    return {
        "fields": _specification(records.env[field.comodel_name], views[0]),
        "limit": int(views[0].get("limit", 40)),
    }


def count_queries(record, specification):
    """:return: how many queries it takes to open a record, with an empty cache"""
    env = record.env
    env.flush_all()
    env.invalidate_all()
    before = env.cr.sql_log_count
    record.web_read(specification)
    return env.cr.sql_log_count - before


@contextlib.contextmanager
def recorded_queries():
    """Catch the texts of the queries, so that a test that counts them can say which they are.

    :return: a list of texts, one for each query
    """
    queries = []
    execute = Cursor.execute

    def record(cursor, query, params=None, **options):
        queries.append(" ".join(str(getattr(query, "code", query)).split())[:500])
        return execute(cursor, query, params, **options)

    with patch.object(Cursor, "execute", record):
        yield queries


@contextlib.contextmanager
def without_our_views(env, model):
    """Odoo's own pages: what the addon adds to the views of a model is switched off."""
    views = env["ir.ui.view"].sudo()
    data = (
        env["ir.model.data"]
        .sudo()
        .search([("module", "=", "bizuno_crm"), ("model", "=", "ir.ui.view")])
    )
    own = views.search([("id", "in", data.mapped("res_id")), ("model", "=", model)])
    own.active = False
    env.flush_all()
    env.registry.clear_cache("templates")
    try:
        yield
    finally:
        own.active = True
        env.flush_all()
        env.registry.clear_cache("templates")
