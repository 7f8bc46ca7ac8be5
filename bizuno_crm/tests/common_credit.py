from odoo import Command

from .common import BizunoCommon

# A signature, as a browser sends it.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADU"
    "lEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class CreditCommon(BizunoCommon):
    """A customer with a limit of 1000, and documents of any amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.bizuno_terms = "0:0:0:30:1000"
        cls.product = cls.env["product.product"].create(
            {"name": "Pump", "taxes_id": [Command.clear()], "invoice_policy": "order"}
        )
        cls.rep = cls.users["rep"]
        cls.company = cls.env.company

    @classmethod
    def _order(cls, amount, partner=None, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "user_id": cls.rep.id,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "price_unit": amount})
                ],
                **values,
            }
        )

    @classmethod
    def _invoice(cls, amount, partner=None, post=False, move_type="out_invoice", **values):
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or cls.customer).id,
                "invoice_date": "2026-01-10",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Pump", "price_unit": amount, "tax_ids": [Command.clear()]}
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def _status(self, record):
        record.invalidate_recordset(["credit_status", "credit_message"])
        return record.credit_status
