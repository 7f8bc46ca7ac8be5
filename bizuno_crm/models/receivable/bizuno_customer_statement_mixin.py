from odoo import api, fields, models

# The child contact that Bizuno's e-mail address for receivables becomes.
RECEIVABLE_CONTACT = "accounts receivable"
# Who may send one; reps, to their own customers.
SENDERS = "bizuno_crm.group_receivable_add,sales_team.group_sale_salesman"
# What a statement shows of a row.
_PRINTED = (
    "partner_id", "company_id", "currency_id", "date", "invoice_date", "date_due", "days_late",
    "reference", "customer_reference", "bucket", "balance", "document_currency_id",
    "amount_document", "is_disputed",
)  # fmt: skip


class BizunoCustomerStatementMixin(models.AbstractModel):
    """What a statement of account lists, and who gets it: the open items of a customer, or what
    happened in a period."""

    _name = "bizuno.customer.statement.mixin"
    _description = "Customer Who Gets Statements"

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

        :return: a contact with a valid e-mail address, or an empty recordset
        """
        self.ensure_one()
        named = self.child_ids.filtered(
            lambda c: c.email_normalized and (c.name or "").strip().lower() == RECEIVABLE_CONTACT
        )
        invoice = self.browse(self.address_get(["invoice"])["invoice"])
        return (named[:1] + invoice + self).filtered("email_normalized")[:1]

    @api.model
    def _get_statements(self, partner_ids, date, date_from=None):
        """What the statements print, for any number of customers in a few queries.

        :param date: the as-of date
        :param date_from: the first day of the period whose entries are listed; None: the open items
            are listed
        :return: {partner's id: [block]}, the companies in the order in which they are switched on,
            each first with its own currency, then with those that the customer is billed in. A
            block is {"company", "currency", "rows", "totals", "opening", "lines"}: `rows` are the
            open items as records of `bizuno.aged.receivable` in order of their due dates,
            `totals` their sums in the block's currency, `lines` what is listed, as dicts
        """
        date = fields.Date.to_date(date)
        aged = self.env["bizuno.aged.receivable"].with_context(aged_at=fields.Date.to_string(date))
        # Of the entries of a period nobody else checks who may see them.
        companies = aged._get_visible_companies()
        rows = aged.search_fetch(
            [("partner_id", "in", list(partner_ids)), ("company_id", "in", companies.ids)],
            _PRINTED,
        )
        # the items behind the rows that the user may see
        items = self.env["account.move.line"].sudo().browse(rows.ids)
        items.fetch(["amount_currency", "balance", "move_id"])
        items = {item.id: item for item in items}
        row_ids = {}
        for row in rows:
            key = (row.partner_id.id, row.company_id.id, row.document_currency_id.id)
            # A revaluation of a currency holds none of it: nothing that the customer owes.
            if not row.document_currency_id.is_zero(row._get_stated_amount()):
                row_ids.setdefault(key, []).append(row.id)
        activity = (
            aged._get_activity(partner_ids, companies, fields.Date.to_date(date_from), date)
            if date_from
            else {}
        )
        statements = {partner_id: [] for partner_id in partner_ids}
        for partner_id, company_id, currency_id in {**row_ids, **activity}:
            company = companies.browse(company_id)
            key = (partner_id, company_id, currency_id)
            opening, entries = activity.get(key, (0.0, []))
            block = aged._get_statement_block(
                company,
                self.env["res.currency"].browse(currency_id),
                rows.browse(row_ids.get(key, ())),
                items,
            )
            if date_from:
                disputed = {line["move_id"] for line in block["lines"] if line["is_disputed"]}
                block.update(opening=opening, lines=_with_balance(opening, entries, disputed))
                if not (block["rows"] or entries or not block["currency"].is_zero(opening)):
                    continue
            statements[partner_id].append(block)
        order = {company.id: at for at, company in enumerate(companies)}
        for blocks in statements.values():
            blocks.sort(
                key=lambda block: (
                    order[block["company"].id],
                    block["currency"] != block["company"].sudo().currency_id,
                    block["currency"].name,
                )
            )
        return statements


def _with_balance(balance, entries, disputed_move_ids):
    lines = []
    for entry in entries:
        balance += entry["amount"]
        is_disputed = entry["move_id"] in disputed_move_ids
        lines.append({**entry, "balance": balance, "is_disputed": is_disputed})
    return lines
