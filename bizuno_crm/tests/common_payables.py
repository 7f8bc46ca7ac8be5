"""Documents for the tests of aged payables: bills, refunds and payments to vendors."""

from odoo.fields import Command

from .common_aging import AgingCommon


class PayablesCommon(AgingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payable = cls.company_data["default_account_payable"]
        cls.Payable = cls.env["bizuno.aged.payable"]
        cls.vendor = cls._create_vendor("Anvil Works")

    @classmethod
    def _create_vendor(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, "role_vendor": True, **values})

    @classmethod
    def _bill(cls, amount, due, partner=None, **values):
        """A vendor bill without taxes; with a negative amount, a refund."""
        values.setdefault("move_type", "in_invoice" if amount >= 0 else "in_refund")
        return cls._invoice(amount, due, partner or cls.vendor, **values)

    @classmethod
    def _pay_vendor(cls, amount, date, partner=None):
        """A payment that is matched with nothing."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": (partner or cls.vendor).id,
                "amount": amount,
                "date": date,
                "journal_id": cls.bank.id,
            }
        )
        payment.action_post()
        return payment

    def _payable_rows(self, partner=None, at=None, **context):
        aged = self.Payable.with_context(**({"aged_at": at} if at else {}), **context)
        return aged.search([("partner_id", "=", (partner or self.vendor).id)])

    def _owed(self, at, partner=None, company=None):
        """What the payable accounts say that we owe on a date, added up by the ORM."""
        domain = [
            ("account_id.account_type", "=", "liability_payable"),
            ("parent_state", "=", "posted"),
            ("date", "<=", at),
            ("company_id", "=", (company or self.env.company).id),
        ]
        if partner:
            domain.append(("partner_id.commercial_partner_id", "=", partner.id))
        return round(-sum(self.env["account.move.line"].search(domain).mapped("balance")), 2)

    @classmethod
    def _match(cls, *moves):
        """Reconcile what stands on the payable accounts of some entries."""
        lines = cls.env["account.move.line"].union(*(move.line_ids for move in moves))
        lines.filtered(lambda line: line.account_type == "liability_payable").reconcile()

    @classmethod
    def _instalments(cls):
        return cls.env["account.payment.term"].create(
            {
                "name": "40 % at once, the rest in 60 days",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 40, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 60, "nb_days": 60}),
                ],
            }
        )
