"""What nobody may write, and numbers that are none: refused in words, for all models of ours."""

import math

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from .. import messages


class BizunoGuardMixin(models.AbstractModel):
    """For a model whose fields follow from others, and whose numbers people type.

    Stored fields that Odoo computes can be written by remote call like any others; decisions read
    them. Odoo's own recomputation does not pass here, and the system may write them.
    """

    _name = "bizuno.guard.mixin"
    _description = "Guard Mixin"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded_values(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_guarded_values(vals)
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        # neither by a default of the context, or by one that a user has saved
        defaults = super().default_get(fields)
        if not self.env.su:
            for name in defaults.keys() & self._get_computed_names():
                del defaults[name]
        return defaults

    @api.model
    def _get_guarded_fields(self):
        """:return: the fields of this model that are ours"""
        return [field for field in self._fields.values() if "bizuno_crm" in field._modules]

    @api.model
    def _get_computed_names(self):
        """:return: set of the names of the stored fields that only the system writes"""
        return {
            field.name
            for field in self._get_guarded_fields()
            if field.store and field.compute and field.readonly and not field.inverse
        }

    def _check_guarded_values(self, vals):
        """
        :raise AccessError: for a value that follows from others, and differs from what it is
        :raise ValidationError: for a number that is none
        """
        if not self.env.su:
            for name in vals.keys() & self._get_computed_names():
                new = self._fields[name].convert_to_cache(vals[name], self, validate=False)
                if not self or any(
                    new != one._fields[name].convert_to_cache(one[name], one) for one in self
                ):
                    raise AccessError(messages.computed_field_fixed(self.env, self, name))
        check_numbers(self, vals)


def check_numbers(records, vals):
    """
    :param records: of any model
    :param vals: as for `write`
    :raise ValidationError: for NaN and infinity, which no database and no rounding can deal with
    """
    for name, value in vals.items():
        field = records._fields.get(name)
        if field is None or field.type not in ("float", "monetary"):
            continue
        try:
            # as the field does it; a text may be one as well
            finite = math.isfinite(float(value or 0))
        except (TypeError, ValueError):
            continue  # no number at all: the field itself says so
        except OverflowError:
            finite = False
        if not finite:
            raise ValidationError(messages.number_not_finite(records.env, records, name))
