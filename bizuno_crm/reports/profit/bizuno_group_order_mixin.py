import re

from odoo import api, models
from odoo.tools import SQL, Query

_PART = re.compile(r"(\w+)(?:\s+(asc|desc))?", re.IGNORECASE)
# Those of which a value says by itself where it comes.
_PLAIN = {"char", "date", "datetime", "float", "integer", "monetary", "selection"}


class BizunoGroupOrderMixin(models.AbstractModel):
    """Few groups of many rows each: the names by which they are ordered are looked up for each
    group. Odoo joins them to each row, and groups by them as well."""

    _name = "bizuno.group.order.mixin"
    _description = "Order of Groups"

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        if not order:
            return super()._read_group_orderby(order, groupby_terms, query)
        parts = [
            self._get_order_of_groups(part.strip(), groupby_terms)
            or super(BizunoGroupOrderMixin, self)._read_group_orderby(part, groupby_terms, query)
            for part in order.split(",")
        ]
        return SQL(", ").join(part for part in parts if part)

    def _get_order_of_groups(self, part, groupby_terms):
        """:return: SQL as Odoo's order of the records that are grouped by, None where it is more
        than a list of their own columns"""
        match = _PART.fullmatch(part)
        field = match and self._fields.get(match[1])
        if not field or field.type != "many2one" or match[1] not in groupby_terms:
            return None
        is_reversed = (match[2] or "").lower() == "desc"
        records, group, terms = self.env[field.comodel_name], groupby_terms[match[1]], []
        for term in records._order.split(","):
            own = _PART.fullmatch(term.strip())
            if not own or (own[1] != "id" and records._fields[own[1]].type not in _PLAIN):
                return None
            value = group if own[1] == "id" else self._look_up(records, own[1], group)
            is_descending = ((own[2] or "").lower() == "desc") != is_reversed
            terms.append(SQL("%s %s", value, SQL("DESC" if is_descending else "ASC")))
        return SQL(", ").join(terms)

    @api.model
    def _look_up(self, records, name, group):
        rows = Query(self.env, "group_of_rows", records._table_sql)
        value = records._field_to_sql(rows.table, name, rows)
        rows.add_where(SQL("%s = %s", SQL.identifier(rows.table, "id"), group))
        return rows.subselect(value)
