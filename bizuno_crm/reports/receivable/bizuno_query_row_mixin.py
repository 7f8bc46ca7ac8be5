from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain

from ...logic import domains


@dataclass(frozen=True)
class _Narrowing:
    """What a search asks for: by its class, which no remote call can send, told from a context that
    came from elsewhere."""

    model: str
    ids: tuple  # of (field, ids)


class BizunoQueryRowMixin(models.AbstractModel):
    """A row that a query makes. What a search says about some fields is put into the query itself,
    where it saves reading whole tables; it takes away only rows which the search takes away anyway.
    """

    _name = "bizuno.query.row.mixin"
    _description = "Row of a Query"

    # the fields
    _row_narrowing = ()

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        narrowed = self._narrowed(**self._get_ids_named(domain))
        return super(BizunoQueryRowMixin, narrowed)._search(domain, *args, **kwargs)

    @api.model
    def _narrowed(self, **ids):
        """The model with the ids of some fields in its context; without any, those of the search of
        which this one is a part are not for this one."""
        narrowing = _Narrowing(self._name, tuple(ids.items()))
        if self.env.context.get("rows_narrowed") == narrowing:
            return self
        return self.with_context(rows_narrowed=narrowing)

    @api.model
    def _get_narrowing(self, name):
        """:return: the ids of a field that a search has named, None for all"""
        narrowing = self.env.context.get("rows_narrowed")
        if isinstance(narrowing, _Narrowing) and narrowing.model == self._name:
            return dict(narrowing.ids).get(name)
        return None

    @api.model
    def _get_ids_named(self, domain):
        """:return: {field: the ids that a domain leaves}, of the fields of `_row_narrowing`"""
        ids_by_field = {}
        for name, operator, value in domains.conjuncts(domain):
            if name not in self._row_narrowing:
                continue
            ids = [value] if operator == "=" else value
            if (
                operator in ("in", "=")
                and isinstance(ids, list)
                and all(type(id_) is int for id_ in ids)
            ):
                ids_by_field[name] = tuple(ids)
        return ids_by_field
