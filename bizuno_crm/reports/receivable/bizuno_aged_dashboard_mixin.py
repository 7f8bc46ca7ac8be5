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
            {"key": b.key, "label": labels[b.key], "amount": rounded(sums.get(b.key) or 0.0)}
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
            "unapplied": rounded(-(sums.get(aging.UNAPPLIED) or 0.0)),
            "debtors": [
                {
                    "id": id_,
                    "name": name or "",
                    "amount": rounded(amount),
                    "past_due": rounded(late),
                }
                for id_, name, amount, late in debtors
            ],
            "action": "bizuno_crm.bizuno_aged_receivable_action",
            "domain": list(domain),
        }

    @api.model
    def _get_dashboard_sums(self, domain, limit):
        """The rows are read once, for the sums per bucket and for the largest debtors.

        :return: ({bucket: balance}, [(partner's id, name, balance, past due)])
        """
        self.env["res.partner"].flush_model(["complete_name"])
        query = self._search(domain)
        if query.is_empty():
            return {}, []
        partner, bucket, balance, late = (
            SQL.identifier(self._table, name)
            for name in ("partner_id", "bucket", "balance", "amount_past_due")
        )
        query.groupby = SQL("%s, %s", partner, bucket)
        rows = self.env.execute_query(
            SQL(
                """
                WITH item AS MATERIALIZED (%(items)s)
                SELECT bucket, NULL::integer, NULL::varchar, SUM(balance), NULL::numeric
                  FROM item
                 GROUP BY bucket
                 UNION ALL
                (SELECT NULL, debtor.partner_id, contact.complete_name, debtor.balance, debtor.late
                   FROM (
                         SELECT partner_id, SUM(balance) AS balance, SUM(late) AS late
                           FROM item
                          WHERE partner_id IS NOT NULL
                          GROUP BY partner_id
                         HAVING SUM(balance) > 0
                          ORDER BY balance DESC, partner_id
                          LIMIT %(limit)s
                        ) debtor
                   JOIN res_partner contact ON contact.id = debtor.partner_id
                  ORDER BY debtor.balance DESC, debtor.partner_id)
                """,
                items=query.select(
                    SQL("%s AS partner_id", partner),
                    SQL("%s AS bucket", bucket),
                    SQL("SUM(%s) AS balance", balance),
                    SQL("SUM(%s) AS late", late),
                ),
                limit=limit,
            )
        )
        sums = {row[0]: row[3] for row in rows if row[0]}
        return sums, [row[1:] for row in rows if row[1]]
