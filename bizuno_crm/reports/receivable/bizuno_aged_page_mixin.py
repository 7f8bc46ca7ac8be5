from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

from ... import messages
from ...logic import moments
from ...models.contact.bizuno_account_search_mixin import BizunoAccountSearchMixin
from ...models.receivable.bizuno_customer_statement_mixin import SENDERS

# What else than the database a row depends on.
AS_OF = ("aged_at", "aging_basis")


class BizunoAgedPageMixin(models.AbstractModel):
    """What a page of open items, or of their sums, shows of each row and has above its rows, and
    what its buttons do: with the ticked rows, or with all that the search finds."""

    _name = "bizuno.aged.page.mixin"
    _inherit = ["bizuno.query.row.mixin", BizunoAccountSearchMixin._name]
    _description = "Page of Aged Receivables"
    # the model of the open items, and that of their report
    _item_model = None
    _report_model = None

    # whose
    partner_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)

    # amounts in the company's currency
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount_current = fields.Monetary(string="Current", readonly=True, depends_context=AS_OF)
    amount_1_30 = fields.Monetary(string="1-30", readonly=True, depends_context=AS_OF)
    amount_31_60 = fields.Monetary(string="31-60", readonly=True, depends_context=AS_OF)
    amount_61_90 = fields.Monetary(string="61-90", readonly=True, depends_context=AS_OF)
    amount_91_120 = fields.Monetary(string="91-120", readonly=True, depends_context=AS_OF)
    amount_over_120 = fields.Monetary(string="Over 120", readonly=True, depends_context=AS_OF)
    amount_total = fields.Monetary(
        string="Total", readonly=True, depends_context=AS_OF, help="The sum of the buckets."
    )
    amount_past_due = fields.Monetary(
        string="Past Due", readonly=True, depends_context=AS_OF, help="Total less current."
    )
    unapplied = fields.Monetary(readonly=True, depends_context=AS_OF)
    balance = fields.Monetary(
        readonly=True, depends_context=AS_OF, help="Total less unapplied payments."
    )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # Odoo makes a query of the rows to find out that an amount can be summed up: one of no
        # rows, for which nothing is looked up.
        no_rows = self._narrowed(partner_id=())
        return super(BizunoAgedPageMixin, no_rows).fields_get(allfields, attributes)

    @api.model
    def get_aged_page(self, domain=()):
        """The head of the page, at the date and basis of the context.

        :param domain: of this model, what the page shows
        :return: {"refusal": a sentence, or False}; without one also {"date", "basis", "dates":
            [{"key", "date"}] (the quick choices), "hint": a sentence or False, "is_everything":
            whether the domain leaves nothing out, "is_payable", "may_send", "may_plan",
            "contact": {"id", "phone"} of a page about one customer or vendor, else False,
            "companies": [{"id", "name", "currency_id", "documents", "total", "past_due",
            "unapplied", "balance", "control"}]}; `control` is {"ledger", "items", "difference",
            "entries": [{"id", "name", "date", "amount"}]}, or None for who does not
            see all partners
        """
        aged = self.env[self._item_model]
        if refusal := aged._get_refusal():
            return {"refusal": refusal}
        domain = Domain(domain or [])
        today, at = fields.Date.context_today(self), aged._get_aged_at()
        is_payable = aged._account_type == "liability_payable"
        return {
            "refusal": False,
            "hint": aged._get_hint(),
            "date": fields.Date.to_string(at),
            "basis": aged._get_basis(),
            "dates": [
                {"key": key, "date": fields.Date.to_string(day)}
                for key, day in (
                    ("today", today),
                    ("month", today.replace(day=1) - timedelta(days=1)),
                    ("quarter", moments.end_of_last_quarter(today)),
                )
            ],
            "is_everything": domain.is_true(),
            "is_payable": is_payable,
            "may_send": not is_payable and self.env.user.has_groups(SENDERS),
            "may_plan": not is_payable and self.env["bizuno.aging.activity"].has_access("create"),
            "contact": self._get_page_contact(),
            "companies": self._get_page_companies(domain),
        }

    @api.model
    def _get_page_contact(self):
        """Whom a page of one customer's documents is about, to open or to call."""
        partner_id = self.env.context.get("aged_of_customer")
        if not isinstance(partner_id, int) or isinstance(partner_id, bool):
            return False
        partner = self.env["res.partner"].search([("id", "=", partner_id)])
        return {"id": partner.id, "phone": partner.phone} if partner else False

    @api.model
    def _get_page_companies(self, domain):
        aged, several = self.env[self._item_model], len(self.env.companies) > 1
        sums = self._get_page_sums(domain)
        controls = {
            reconciliation["company"]: reconciliation
            for reconciliation in aged._get_ledger_reconciliations()
        }
        companies = []
        for company in aged._get_visible_companies():
            total, past_due, unapplied, documents = sums.get(company, (0.0, 0.0, 0.0, 0))
            round_ = company.currency_id.round
            control = controls.get(company)
            companies.append(
                {
                    "id": company.id,
                    "name": company.name if several else False,
                    "currency_id": company.currency_id.id,
                    "documents": self._describe_documents(documents),
                    "total": round_(total),
                    "past_due": round_(past_due),
                    "unapplied": round_(unapplied),
                    "balance": round_(total - unapplied),
                    "control": control
                    and {
                        "ledger": round_(control["ledger"]),
                        "items": round_(control["items"]),
                        "difference": control["difference"],
                        "entries": [
                            {
                                "id": line.move_id.id,
                                "name": line.move_name or "",
                                "date": fields.Date.to_string(line.date),
                                "amount": round_(amount),
                            }
                            for line, amount in control["entries"]
                        ],
                    },
                }
            )
        return companies

    @api.model
    def _describe_documents(self, count):
        if count == 1:
            return self.env._("1 open document")
        number = formatLang(self.env, count, digits=0)
        return self.env._("%(count)s open documents", count=number)

    @api.model
    def _get_page_sums(self, domain):
        """:return: {company: (total, past due, unapplied, number of documents)}"""
        names = ["amount_total:sum", "amount_past_due:sum", "unapplied:sum", "item_count:sum"]
        return {
            company: values for company, *values in self._read_group(domain, ["company_id"], names)
        }

    @api.model
    def get_empty_list_help(self, help_message):
        """Nobody who may not see receivables reads that nobody owes anything."""
        # Odoo reads actions with all rights.
        aged = self.env[self._item_model].with_user(self.env.uid)
        if refusal := aged._get_refusal():
            return messages.as_empty_page(refusal)
        return super().get_empty_list_help(help_message)

    # the buttons

    def _get_shown(self):
        """The ticked rows, or all that the search of the page finds."""
        self.env[self._item_model]._check_sight()
        return self or self.search(self._get_page_domain())

    def _get_page_domain(self):
        """What the search of the page asks for; it comes from the browser, and is searched with the
        rights of who sends it."""
        domain = self.env.context.get("active_domain")
        return Domain(domain if isinstance(domain, list | tuple) else [])

    def action_print(self):
        """:return: the action that prints the documents behind the page as a PDF, or its rows where
        these are more than a PDF can be made of"""
        report = self._get_page_report()
        if report._count_lines_too_many():
            report.detail = "summary"
        return report.action_print()

    def action_download_xlsx(self):
        """:return: the action that downloads the page as an XLSX"""
        return self._get_page_report().action_download_xlsx()

    def _get_page_report(self):
        """The report that shows what the page shows: date, basis, companies and search."""
        aged = self.env[self._item_model]
        aged._check_sight()
        domain = Domain("id", "in", self.ids) if self else self._get_page_domain()
        return self.env[self._report_model].create(
            {
                "date": aged._get_aged_at(),
                "aging_basis": aged._get_basis(),
                "page_model": self._name,
                "page_domain": False if domain.is_true() else repr(list(domain)),
            }
        )
