from odoo import api, models


class BizunoRememberedMixin(models.AbstractModel):
    """Records from which something is remembered (`ormcache`): it is forgotten, by all servers, as
    soon as one of them changes."""

    _name = "bizuno.remembered.mixin"
    _description = "Remembered Until It Changes"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
