from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...logic import aging


class BizunoAgedDashboardMixin(models.AbstractModel):
    """The card Aged Receivables of the dashboard, in one query."""

    _name = "bizuno.aged.dashboard.mixin"
    _description = "Aged Receivables on the Dashboard"

    @api.model
    def _get_dashboard_data(self, limit=10):
        """What the user may see, in the user's company and those of its branches that are
        switched on.

        :param limit: how many of the largest debtors
        :return: {"visible", "company" (its name, where several are switched on), "currency_id",
            "buckets": [{"key", "label", "amount"}], "total",
            "past_due", "past_due_percent", "unapplied", "debtors": [{"id", "name", "amount",
            "past_due"}], "action", "domain"}; {"visible": False} for who may not see receivables
        """
        company = self.env.company
        if company not in self._get_visible_companies():
            return {"visible": False}
        domain = Domain("company_id", "in", self.env["res.partner"]._get_aging_companies().ids)
        sums, debtors = self._get_dashboard_sums(domain, limit)
        labels = dict(self._fields["bucket"]._description_selection(self.env))
        rounded = company.currency_id.round
        buckets = [
            {"key": b.key, "label": labels[b.key], "amount": rounded(sums[b.amount_field])}
            for b in aging.BUCKETS
        ]
        total = rounded(sum(bucket["amount"] for bucket in buckets))
        past_due = rounded(total - buckets[0]["amount"])
        return {
            "visible": True,
            "company": company.name if len(self.env.companies) > 1 else False,
            "currency_id": company.currency_id.id,
            "buckets": buckets,
            "total": total,
            "past_due": past_due,
            "past_due_percent": aging.past_due_percent(total, past_due),
            "unapplied": rounded(sums[aging.UNAPPLIED]),
            "debtors": [
                {
                    "id": id_,
                    "name": name or "",
                    "amount": rounded(amount),
                    "past_due": rounded(late),
                }
                for id_, name, amount, late in debtors
            ],
            "action": "bizuno_crm.bizuno_aged_customer_action",
            "domain": list(domain),
        }

    @api.model
    def _get_dashboard_sums(self, domain, limit):
        """The items are read once, for the sums and for the largest debtors.

        :return: ({name in `aging.PARTS`: sum}, [(partner's id, name, balance, past due)])
        """
        self.env["res.partner"].flush_model(["complete_name"])
        query, _is_summed = self._search_summed(domain)
        if query.is_empty():
            return dict.fromkeys(aging.PARTS, 0.0), []
        names = [SQL.identifier(name) for name in aging.PARTS]
        partner = SQL.identifier(query.table, "partner_id")
        query.groupby = partner
        [sums, *debtors] = self.env.execute_query(
            SQL(
                """
                WITH item AS MATERIALIZED (%(items)s)
                SELECT NULL::integer, NULL::varchar, NULL::numeric, NULL::numeric, %(sums)s
                  FROM item
                 UNION ALL
                (SELECT debtor.partner_id, contact.complete_name, debtor.balance, debtor.late,
                        %(nothing)s
                   FROM (
                         SELECT partner_id, %(balance)s AS balance, %(late)s AS late
                           FROM item
                          WHERE partner_id IS NOT NULL AND %(balance)s > 0
                          ORDER BY balance DESC, partner_id
                          LIMIT %(limit)s
                        ) debtor
                   JOIN res_partner contact ON contact.id = debtor.partner_id
                  ORDER BY debtor.balance DESC, debtor.partner_id)
                """,
                items=query.select(
                    SQL("%s AS partner_id", partner),
                    *(
                        SQL("SUM(%s) AS %s", SQL.identifier(query.table, part), name)
                        for part, name in zip(aging.PARTS, names, strict=True)
                    ),
                ),
                sums=SQL(", ").join(SQL("COALESCE(SUM(%s), 0)", name) for name in names),
                nothing=SQL(", ").join(SQL("NULL::numeric") for _name in names),
                balance=SQL("%s - %s", SQL(" + ").join(names[:-1]), names[-1]),
                late=SQL(" + ").join(names[1:-1]),
                limit=limit,
            )
        )
        return dict(zip(aging.PARTS, sums[4:], strict=True)), [debtor[:4] for debtor in debtors]
