from odoo import Command
from odoo.exceptions import UserError

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

    def _confirmed(self, amount, partner=None, **values):
        order = self._order(amount, partner=partner, **values)
        order.action_confirm()
        return order

    def _without_control(self, change):
        """:return: what a change returns that nothing stops"""
        policy, self.company.credit_policy = self.company.credit_policy, "warn"
        result = change()
        self.env.flush_all()
        self.company.credit_policy = policy
        return result

    def _stopped(self, way, words, error=UserError):
        """Nothing of it is kept, and what was read before is read anew."""
        self.env.flush_all()
        with self.assertRaisesRegex(error, words), self.env.cr.savepoint():
            way()
            self.env.flush_all()
        self.env.invalidate_all()

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
