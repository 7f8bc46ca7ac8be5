"""The action that opens a record in its own form.

>>> from types import SimpleNamespace
>>> action = form_of(SimpleNamespace(_name="sale.order", id=7))
>>> action["res_model"], action["res_id"], action["views"]
('sale.order', 7, [(False, 'form')])
"""


def form_of(record):
    """:return: a window action"""
    return {
        "type": "ir.actions.act_window",
        "res_model": record._name,
        "res_id": record.id,
        "view_mode": "form",
        "views": [(False, "form")],
    }
