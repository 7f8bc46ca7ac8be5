"""Documents for the tests of aged receivables: invoices with a due date, payments on a date."""

from odoo import fields
from odoo.fields import Command

from ..logic import aging
from .common import BizunoCommon


class AgingCommon(BizunoCommon):
    """Today is 30 June 2025 in every test that freezes it."""

    TODAY = "2025-06-30"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.revenue = cls.company_data["default_account_revenue"]
        cls.bank = cls.company_data["default_journal_bank"]
        cls.Aged = cls.env["bizuno.aged.receivable"]

    @classmethod
    def _invoice(cls, amount, due, partner=None, date=None, post=True, **values):
        """A customer invoice without taxes; with a negative amount, a credit note."""
        values.setdefault("move_type", "out_invoice" if amount >= 0 else "out_refund")
        if isinstance(due, str):
            values.update(invoice_date_due=due, invoice_payment_term_id=False)
        else:
            values.update(invoice_payment_term_id=due.id)
        move = cls.env["account.move"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "invoice_date": date or (due if isinstance(due, str) else cls.TODAY),
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": abs(amount), "tax_ids": []})
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _pay(cls, move, amount, date):
        """Register a payment of an amount on an invoice, on a date."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"amount": amount, "payment_date": date, "journal_id": cls.bank.id})
        )
        return wizard._create_payments()

    @classmethod
    def _entry(cls, amount, date, partner=None, due=False, account=None, **values):
        """A posted entry on the receivable account; a negative amount is a credit.

        :param values: more of its line on that account
        """
        move = cls.env["account.move"].create(
            {
                "date": date,
                "journal_id": cls.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.receivable.id,
                            "partner_id": partner.id if partner else False,
                            "balance": amount,
                            "date_maturity": due,
                            **values,
                        }
                    ),
                    Command.create({"account_id": (account or cls.revenue).id, "balance": -amount}),
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _receivable_lines(cls, moves):
        return moves.line_ids.filtered(lambda line: line.account_id == cls.receivable)

    def _rows(self, partner=None, at=None, **context):
        aged = self.Aged.with_context(**({"aged_at": at} if at else {}), **context)
        return aged.search([("partner_id", "=", (partner or self.customer).id)])

    def _figures(self, partner=None, at=None, **context):
        """Bucket amounts in order, without zeros, and what is unapplied."""
        rows = self._rows(partner, at, **context)
        sums = {b.key: sum(rows.mapped(b.amount_field)) for b in aging.BUCKETS}
        sums["unapplied"] = sum(rows.mapped("unapplied"))
        return {key: round(amount, 2) for key, amount in sums.items() if round(amount, 2)}

    def _open_receivable(self, partner_ids=None):
        """What credit control counts: {commercial partner's id: (total, past due, unapplied)}."""
        self.Aged._flush_sources()
        query = self.Aged._get_open_receivable_sql(self.env.company, partner_ids)
        return {row[0]: row[1:] for row in self.env.execute_query(query)}

    def _ledger(self, at, accounts=None):
        """The balance of the receivable accounts by the trial balance of a date."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", at),
                ("company_id", "=", self.env.company.id),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def _days_ago(self, days):
        return fields.Date.to_string(
            fields.Date.subtract(fields.Date.to_date(self.TODAY), days=days)
        )
