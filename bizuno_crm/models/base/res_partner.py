from odoo import api, models


class ResPartner(models.Model):
    # What a root company has in common with all its branches: read, searched and written at the
    # root, so that no branch has a value of its own. Which fields these are, the areas say. This is
    # the lowest class of the addon: what it writes as the system has passed all checks of rights.

    _inherit = "res.partner"

    # Names of company-dependent fields.
    _fields_of_root = ()

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr in self._fields_of_root and (root := self._get_other_root()):
            # As the system: a user of the branch need not be one of the root's.
            return super(ResPartner, self.sudo().with_company(root))._field_to_sql(
                alias, field_expr, query
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.model_create_multi
    def create(self, vals_list):
        root = self._get_other_root()
        if not root:
            return super().create(vals_list)
        split = [self._split_values_of_root(vals) for vals in vals_list]
        partners = super().create([own for own, _values in split])
        for partner, (_own, values) in zip(partners, split, strict=True):
            if values:
                # The right was checked when it was created.
                # pylint: disable=super-method-mismatch
                super(ResPartner, partner.sudo().with_company(root)).write(values)
        partners._forget_values_of_root()
        return partners

    def write(self, vals):
        own, values = self._split_values_of_root(vals)
        if not values:
            return super().write(vals)
        root = self._get_other_root()
        if not root:
            result = super().write(vals)
            if self.env.company.sudo().child_ids:
                self._forget_values_of_root()
            return result
        result = super().write(own)
        super(ResPartner, self.sudo().with_company(root)).write(values)
        self._forget_values_of_root()
        return result

    @api.model
    def _split_values_of_root(self, vals):
        """:return: (values of the current company, values of its root)"""
        own, values = {}, {}
        for name, value in vals.items():
            (values if name in self._fields_of_root else own)[name] = value
        return own, values

    @api.model
    def _get_other_root(self):
        """:return: the root company, as the system, if the current one is a branch"""
        company = self.env.company
        root = company.sudo().root_id
        return root if root != company else root.browse()

    def _forget_values_of_root(self):
        # Each company has a place of its own in the cache.
        self.sudo().invalidate_recordset(self._fields_of_root)
