import operator as python_operator

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from ...logic import aging

# What can be said about rows summed up by partner.
OF_PARTNER = {"company_id", "partner_id", "user_id"}
_PARTNER = python_operator.itemgetter(0)
_COMPARISONS = {
    ">": python_operator.gt,
    ">=": python_operator.ge,
    "<": python_operator.lt,
    "<=": python_operator.le,
}


class BizunoAgedFiguresMixin(models.AbstractModel):
    """The figures of partners: sums of open items, for reports and for the partner's page."""

    _name = "bizuno.aged.figures.mixin"
    _description = "Figures of Open Items"
    # the model of the same rows summed up by partner
    _partner_model = None

    @api.model
    def _get_figures(self, domain):
        """The amounts of many partners at the as-of date, in one query: what the user may
        see of them, as anywhere.

        :param domain: of this model
        :return: {(company's id, partner's id or None): the sums of `aging.AMOUNTS`}
        """
        query, is_summed = self._search_summed(domain)
        if query.is_empty():
            return {}
        table = query.table
        keys = [SQL.identifier(table, name) for name in ("company_id", "partner_id")]
        parts = [SQL.identifier(table, name) for name in aging.PARTS]
        if not is_summed:
            query.groupby = SQL(", ").join(keys)
            parts = [SQL("SUM(%s)", part) for part in parts]
        rows = self.env.execute_query(query.select(*keys, *parts))
        return {tuple(row[:2]): aging.amounts(*(part or 0 for part in row[2:])) for row in rows}

    @api.model
    def _get_figures_in_words(self, domain):
        """The amounts of a few partners, and what of them is past due, credit notes apart: in one
        query, item by item, what the user may see.

        :param domain: of this model
        :return: {partner's id: ({amount: sum} of `aging.PARTS_OF`, (past due, of how many items,
            days late of the oldest, how much of it is in dispute))}
        """
        self._flush_sources()
        query = self._search(domain)
        if query.is_empty():
            return {}
        column = {
            name: SQL.identifier(self._table, name)
            for name in ("partner_id", "bucket", "balance", "days_late", "is_disputed")
        }
        # Bucket by bucket: what an item is a part of is worked out once for each, not by amount.
        owed = SQL("%s > 0", column["balance"])
        query.groupby = SQL("%s, %s", column["partner_id"], column["bucket"])
        rows = self.env.execute_query(
            query.select(
                column["partner_id"],
                column["bucket"],
                SQL("SUM(%s)", column["balance"]),
                SQL("COALESCE(SUM(%s) FILTER (WHERE %s), 0)", column["balance"], owed),
                SQL("COUNT(*) FILTER (WHERE %s)", owed),
                SQL("COALESCE(MAX(%s) FILTER (WHERE %s), 0)", column["days_late"], owed),
                SQL(
                    "COALESCE(SUM(%s) FILTER (WHERE %s AND %s), 0)",
                    column["balance"], owed, column["is_disputed"],
                ),
            )
        )  # fmt: skip
        return {
            partner_id: _figures_in_words([row[1:] for row in of_partner])
            for partner_id, of_partner in groupby(rows, _PARTNER)
        }

    @api.model
    def _search_summed(self, domain):
        """The rows of a domain, summed up by partner where neither it nor the rules ask for more
        than a partner's row has: for what adds them up anyway.

        :return: (Query, whether they are summed up)
        """
        self._flush_sources()
        is_summed = self._is_of_partners(domain)
        rows = self.env[self._partner_model] if is_summed else self
        return rows._search(domain), is_summed

    @api.model
    def _is_of_partners(self, domain):
        """Whether a domain and the rules ask for no more than a partner's row has, and whoever sees
        the items sees those rows."""
        partners = self.env[self._partner_model]
        rules, partner_rules = (
            Domain(self.env["ir.rule"]._compute_domain(model, "read"))
            for model in (self._name, self._partner_model)
        )
        return (
            all(
                condition.field_expr.split(".")[0] in OF_PARTNER
                for condition in (Domain(domain) & rules).iter_conditions()
            )
            and list(rules) == list(partner_rules)
            and self.has_access("read") == partners.has_access("read")
        )

    @api.model
    def _search_partners(self, amount, operator, value, companies):
        """Partners (and their contacts) by a figure: one grouped query, whatever their number.

        :param str amount: one of `aging.PARTS_OF`, or "balance"
        :return: a domain of `res.partner`, or NotImplemented
        """
        query, _is_summed = self._search_summed(
            [("partner_id", "!=", False), ("company_id", "in", companies.ids)]
        )
        table = query.table
        if operator == "in":
            values = [float(operand) for operand in value]
            zero_matches, test = 0.0 in values, SQL("IN %s", tuple(values) or (None,))
        elif operator in _COMPARISONS:
            zero_matches = _COMPARISONS[operator](0.0, float(value))
            test = SQL("%s %s", SQL(operator), float(value))  # pylint: disable=sql-injection
        else:
            return NotImplemented
        figure = SQL(" + ").join(
            SQL("COALESCE(SUM(%s), 0)", SQL.identifier(table, part))
            for part in aging.PARTS_OF.get(amount, (amount,))
        )
        # Who has no open item is not in the query, and has zero.
        query.groupby = SQL.identifier(table, "partner_id")
        query.having = SQL(
            "(%s %s) IS %s", figure, test, SQL("NOT TRUE" if zero_matches else "TRUE")
        )
        partner_ids = (
            SQL("SELECT 0 WHERE FALSE")
            if query.is_empty()
            else query.select(SQL.identifier(table, "partner_id"))
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s %s (%s)",
                model._field_to_sql(alias, "commercial_partner_id", query),
                SQL("NOT IN" if zero_matches else "IN"),
                partner_ids,
            )
        )


def _figures_in_words(rows):
    """
    :param rows: [(bucket, balance, what of it is owed, by how many items, days late of the oldest,
        how much in dispute)]
    :return: ({amount: sum} of `aging.PARTS_OF` and balance, (past due, of how many items, days
        late, how much in dispute))
    """
    parts = dict.fromkeys(aging.PARTS, 0)
    late = [(0, 0, 0, 0)]
    for bucket, balance, *owed in rows:
        parts[aging.part_of(bucket)] = -balance if bucket == aging.UNAPPLIED else balance
        if bucket not in ("current", aging.UNAPPLIED):
            late.append(owed)
    past_due, counts, days, disputed = zip(*late, strict=True)
    sums = {name: sum(parts[part] for part in of) for name, of in aging.PARTS_OF.items()}
    sums["balance"] = sums["amount_total"] - sums[aging.UNAPPLIED]
    return sums, (sum(past_due), sum(counts), max(days), sum(disputed))
