"""Two companies with a currency each, that share contacts, and people who work in one or both."""

from odoo import Command

from .common import PEOPLE
from .common_aging import AgingCommon


class CompaniesCommon(AgingCommon):
    """`self.users` may work in both companies, `self.locals` only in the first one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env.company
        cls.there_data = cls.setup_other_company(
            name="Overseas", currency_id=cls.setup_other_currency("EUR").id
        )
        cls.there = cls.there_data["company"]
        cls.both = cls.here + cls.there
        for user in cls.users.values():
            user.company_ids = cls.both
        cls.locals = cls._create_users(
            "local", {name: PEOPLE[name] for name in ("rep", "bookkeeper", "bizuno_manager")}
        )

    @classmethod
    def _in(cls, records, *companies, user=None):
        """The records as a user sees them who has switched on these companies."""
        found = records.with_user(user) if user else records
        return found.with_context(allowed_company_ids=[company.id for company in companies])

    @classmethod
    def _invoice_in(cls, company, amount, due, partner=None, **values):
        """A posted invoice of a company, in the company's own currency."""
        values.setdefault("currency_id", company.currency_id.id)
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create({
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": amount, "tax_ids": []})
                ],
                **values,
            })
        )  # fmt: skip
        move.action_post()
        return move
