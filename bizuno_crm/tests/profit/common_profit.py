from odoo import Command
from odoo.tests import new_test_user

from ..common import BizunoCommon


class ProfitCommon(BizunoCommon):
    """Two projects of one customer, and factories for the documents on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("analytic.group_analytic_accounting")
        cls.project, cls.second = cls.env["bizuno.project"].create(
            [{"name": name, "partner_id": cls.customer.id} for name in ("Cold store", "Pumps")]
        )
        cls.product_a.invoice_policy = "order"

    def _hide_a_project(self):
        """:return: (a rep who sees the own contacts only, a project of somebody else)"""
        own = new_test_user(
            self.env, "profit_own",
            "sales_team.group_sale_salesman_all_leads,bizuno_crm.group_own_contacts_only",
        )  # fmt: skip
        hidden = self.env["bizuno.project"].create({
            "name": "Hidden", "partner_id": self.customer.id,
            "user_id": self.users["sales_manager"].id,
            "working_user_id": self.users["sales_manager"].id,
        })  # fmt: skip
        return own, hidden

    def _order(self, project=None, lines=2, price=100.0, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "bizuno_project_id": (project or self.env["bizuno.project"]).id,
                "order_line": [
                    Command.create({
                        "product_id": self.product_a.id, "price_unit": price, "tax_ids": False
                    })
                    for _number in range(lines)
                ],
                **values,
            }
        )  # fmt: skip

    def _move(self, project=None, move_type="in_invoice", price=40.0, tax=None, **values):
        partner = self.customer if move_type.startswith("out") else self.partner_b
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": "2025-03-10",
                "date": "2025-03-10",
                "bizuno_project_id": (project or self.env["bizuno.project"]).id,
                "invoice_line_ids": [
                    Command.create({
                        "product_id": self.product_a.id,
                        "price_unit": price,
                        "tax_ids": [Command.set(tax.ids)] if tax else False,
                    })
                ],
                **values,
            }
        )  # fmt: skip

    def _invoice_down_payment(self, order, percentage):
        wizards = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        before = order.invoice_ids
        wizards.create(
            {"advance_payment_method": "percentage", "amount": percentage}
        ).create_invoices()
        return order.invoice_ids - before

    def _invoice_rest(self, order):
        wizards = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        before = order.invoice_ids
        wizards.create({"advance_payment_method": "delivered"}).create_invoices()
        return order.invoice_ids - before

    def _pay(self, move, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"amount": amount, "payment_date": "2025-03-20"})._create_payments()

    def _booked(self, project):
        """:return: what Odoo's analytic items say of a project"""
        account = project.analytic_account_id
        column = account.plan_id._column_name()
        return sum(
            self.env["account.analytic.line"].search([(column, "=", account.id)]).mapped("amount")
        )
