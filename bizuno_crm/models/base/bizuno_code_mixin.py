from odoo import api, fields, models


class BizunoCodeMixin(models.AbstractModel):
    """A record that is known by a short code: blanks around it make no second, equal-looking one.

    Each model has the unique index, whose message says what the code is of.
    """

    _name = "bizuno.code.mixin"
    _description = "Record with a Code"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_strip_code(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_strip_code(vals))

    @api.model
    def default_get(self, fields):  # pylint: disable=redefined-outer-name
        return _strip_code(super().default_get(fields))

    def copy_data(self, default=None):
        default = dict(default or {})
        return [
            {"code": self.env._("%(code)s (copy)", code=record.code), **vals}
            for record, vals in zip(self, super().copy_data(default), strict=True)
        ]


def _strip_code(vals):
    if not vals.get("code"):
        return vals
    # Nothing but blanks is no code: the database refuses it as missing.
    return {**vals, "code": str(vals["code"]).strip() or False}
