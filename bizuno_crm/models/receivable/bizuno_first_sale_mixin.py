from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...logic.moments import begin_of_day
from ..base.bizuno_guard import readers_only
from ..base.user_day import user_day_sql

FIRST_SALE_READERS = ("sales_team.group_sale_salesman", "bizuno_crm.group_receivable_read")


class BizunoFirstSaleMixin(models.AbstractModel):
    """Since when a contact is a customer: the day of the first order or invoice, which an import of
    the address does not change."""

    _name = "bizuno.first.sale.mixin"
    _description = "Customer with a First Sale"

    @api.depends_context("company", "tz")
    def _compute_date_first_sale(self):
        accounts = self.commercial_partner_id._origin.ids
        dates = dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, MIN(date) FROM (%s) sale GROUP BY partner_id",
                    self._get_sales_sql(accounts=accounts),
                )
            )
        )
        for partner in self:
            partner.date_first_sale = dates.get(partner.commercial_partner_id._origin.id)

    @readers_only("date_first_sale")
    def _search_date_first_sale(self, operator, value):
        day = timedelta(days=1)
        if operator in ("<", ">="):
            day = timedelta()
        elif operator == "in":
            days = [fields.Date.to_date(sale_day) for sale_day in value if sale_day]
            domains = [
                self._sold_before(sale_day + day) & ~self._sold_before(sale_day)
                for sale_day in days
                if sale_day < date.max
            ]
            if len(days) < len(value):
                domains.append(~self._sold_before(None))
            return Domain.OR(domains)
        elif operator not in ("<=", ">"):
            return NotImplemented
        value = fields.Date.to_date(value)
        limit = value + day if value < date.max else None
        if operator in ("<", "<="):
            return self._sold_before(limit)
        return self._first_sold_from(limit) if limit else Domain.FALSE

    @api.model
    def _may_see_first_sale(self):
        return self.env.su or any(map(self.env.user.has_group, FIRST_SALE_READERS))

    @api.model
    def _sold_before(self, limit):
        """:return: the domain of the contacts whose account had a sale before a day, or ever"""
        return self._of_accounts(
            SQL("SELECT partner_id FROM (%s) sale", self._get_sales_sql(before=limit))
        )

    @api.model
    def _first_sold_from(self, begin):
        """:return: the domain of the contacts whose account had its first sale on a day or later"""
        # One condition for orders and one for invoices, by equality: so PostgreSQL reads each once.
        orders, invoices = self._get_sales_parts(before=begin, account=SQL("sale.partner_id"))
        return self._of_accounts(
            SQL(
                "SELECT partner_id FROM (%s) sale WHERE NOT EXISTS (%s) AND NOT EXISTS (%s)",
                self._get_sales_sql(begin=begin),
                orders,
                invoices,
            )
        )

    @api.model
    def _of_accounts(self, accounts):
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (%s)", model._field_to_sql(alias, "commercial_partner_id", query), accounts
            )
        )

    @api.model
    def _get_sales_sql(self, **narrowing):
        """:return: SQL for (partner_id, date) of what was sold by the company worked in; see
        `_get_sales_parts`"""
        return SQL("%s UNION ALL %s", *self._get_sales_parts(**narrowing))

    @api.model
    def _get_sales_parts(self, begin=None, before=None, accounts=None, account=None):
        """:return: the same of orders, and of invoices

        :param begin: the first day, or None
        :param before: the day after the last one, or None
        :param accounts: ids of commercial partners; None for all
        :param account: SQL for the id of one
        """
        self.env["sale.order"].flush_model(["state", "company_id", "partner_id", "date_order"])
        self.env["account.move"].flush_model(
            ["state", "company_id", "commercial_partner_id", "invoice_date", "move_type"]
        )
        self.flush_model(["commercial_partner_id"])
        orders, invoices = [], []
        for sign, day in ((SQL(">="), begin), (SQL("<"), before)):
            if day:
                orders.append(SQL("o.date_order %s %s", sign, begin_of_day(day, self.env.tz)))
                invoices.append(SQL("m.invoice_date %s %s", sign, day))
        if accounts is not None:
            orders.append(SQL("c.commercial_partner_id = ANY(%s)", accounts))
            invoices.append(SQL("m.commercial_partner_id = ANY(%s)", accounts))
        if account:
            orders.append(SQL("c.commercial_partner_id = %s", account))
            invoices.append(SQL("m.commercial_partner_id = %s", account))
        company = self.env.company.id
        return (
            SQL(
                """
                SELECT c.commercial_partner_id AS partner_id,
                       %(date)s AS date
                  FROM sale_order o JOIN res_partner c ON c.id = o.partner_id
                 WHERE o.state = 'sale' AND o.company_id = %(company)s AND %(narrowing)s
                """,
                date=user_day_sql(self.env, SQL("o.date_order")),
                company=company,
                narrowing=SQL(" AND ").join(orders or [SQL("TRUE")]),
            ),
            SQL(
                """
                SELECT m.commercial_partner_id AS partner_id, m.invoice_date AS date
                  FROM account_move m
                 WHERE m.move_type IN ('out_invoice', 'out_receipt') AND m.state = 'posted'
                   AND m.company_id = %(company)s AND %(narrowing)s
                """,
                company=company,
                narrowing=SQL(" AND ").join(invoices or [SQL("TRUE")]),
            ),
        )
