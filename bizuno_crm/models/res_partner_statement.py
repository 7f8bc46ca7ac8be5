from odoo import api, fields, models

# The child contact that Bizuno's e-mail address for receivables becomes.
RECEIVABLE_CONTACT = "accounts receivable"
# What a statement shows of a row.
_PRINTED = (
    "partner_id", "company_id", "currency_id", "date", "invoice_date", "date_due", "days_late",
    "reference", "customer_reference", "bucket", "balance", "document_currency_id",
    "amount_document",
)  # fmt: skip


class ResPartner(models.Model):
    """Statements of account: the open items of a customer, to be printed or sent."""

    _inherit = "res.partner"

    def action_open_statement(self):
        """Print or send the statements of the selected customers.

        :return: a window action
        """
        return self._get_statement_action()

    def _get_statement_action(self, date=None):
        self.env["bizuno.aged.receivable"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("bizuno_crm.bizuno_statement_action")
        context = {"default_partner_ids": self.commercial_partner_id.ids}
        if date:
            context["default_date"] = fields.Date.to_string(date)
        return {**action, "context": context}

    def _get_statement_recipient(self):
        """Who gets the statement: the contact "Accounts Receivable", else the invoice address, else
        the customer.

        :return: a contact with an e-mail address, or an empty recordset
        """
        self.ensure_one()
        named = self.child_ids.filtered(
            lambda c: c.email and (c.name or "").strip().lower() == RECEIVABLE_CONTACT
        )
        invoice = self.browse(self.address_get(["invoice"])["invoice"])
        return (named[:1] + invoice + self).filtered("email")[:1]

    @api.model
    def _get_statements(self, partner_ids, date):
        """What the statements print, for any number of customers in one query.

        :return: {partner's id: [{"company", "rows", "totals"}]}, the companies in the order in
            which they are switched on; `rows` are records of `bizuno.aged.receivable` in order of
            their due dates
        """
        aged = self.env["bizuno.aged.receivable"].with_context(
            aged_at=fields.Date.to_string(fields.Date.to_date(date))
        )
        rows = aged.search_fetch(
            [
                ("partner_id", "in", list(partner_ids)),
                ("company_id", "in", self.env.companies.ids),
            ],
            _PRINTED,
        )
        statements = {partner_id: [] for partner_id in partner_ids}
        companies = self.env.companies
        by_company = {companies: rows} if len(companies) == 1 else rows.grouped("company_id")
        for company in companies:
            for partner, own in by_company.get(company, aged).grouped("partner_id").items():
                statements[partner.id].append(
                    {"company": company, "rows": own, "totals": own._get_totals()}
                )
        return statements
