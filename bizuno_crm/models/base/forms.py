"""Actions that open a record."""


def form_of(record):
    """:return: the window action that opens a record in its own form"""
    return {
        "type": "ir.actions.act_window",
        "res_model": record._name,
        "res_id": record.id,
        "view_mode": "form",
        "views": [(False, "form")],
    }
