from odoo import api, models

_LIMIT = "credit_limit"


class ResPartner(models.Model):
    # A customer's limit is that of the root company, in all its branches: read, searched and
    # written there, so that no branch can have one of its own. Decided rights come first: this
    # class stands below the one that checks them.

    _inherit = "res.partner"

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == _LIMIT and (root := self._get_other_credit_root()):
            # As the system: a user of the branch need not be one of the root's.
            return super(ResPartner, self.sudo().with_company(root))._field_to_sql(
                alias, field_expr, query
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.model_create_multi
    def create(self, vals_list):
        root = self._get_other_credit_root()
        if not root or not any(_LIMIT in vals for vals in vals_list):
            return super().create(vals_list)
        limits = [vals.get(_LIMIT) for vals in vals_list]
        partners = super().create([
            {name: value for name, value in vals.items() if name != _LIMIT} for vals in vals_list
        ])  # fmt: skip
        for partner, limit in zip(partners, limits, strict=True):
            if limit is not None:
                # The right was checked when it was created.
                # pylint: disable=super-method-mismatch
                super(ResPartner, partner.sudo().with_company(root)).write({_LIMIT: limit})
        partners._forget_credit_limits()
        return partners

    def write(self, vals):
        if _LIMIT not in vals:
            return super().write(vals)
        root = self._get_other_credit_root()
        if not root:
            result = super().write(vals)
            if self.env.company.sudo().child_ids:
                self._forget_credit_limits()
            return result
        result = super().write({name: value for name, value in vals.items() if name != _LIMIT})
        super(ResPartner, self.sudo().with_company(root)).write({_LIMIT: vals[_LIMIT]})
        self._forget_credit_limits()
        return result

    @api.model
    def _get_other_credit_root(self):
        """:return: the root company if the current one is a branch"""
        company = self.env.company
        root = company._get_credit_root()
        return root if root != company else root.browse()

    def _forget_credit_limits(self):
        # Each company has a place of its own in the cache.
        self.sudo().invalidate_recordset([_LIMIT])
