"""Numbers that are none, refused in words; and fields that not everybody may search by."""

import functools
import math

from odoo import api, models
from odoo.exceptions import ValidationError

from ... import messages
from .bizuno_computed_mixin import BizunoComputedMixin


class BizunoNumberMixin(models.AbstractModel):
    """A model whose numbers people type: what is none is refused before anything is made of it."""

    _name = "bizuno.number.mixin"
    _description = "Record with Numbers"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_numbers(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        check_numbers(self, vals)
        return super().write(vals)


class BizunoGuardMixin(models.AbstractModel):
    """For a model of ours whose fields follow from others, and whose numbers people type."""

    _name = "bizuno.guard.mixin"
    _inherit = [BizunoNumberMixin._name, BizunoComputedMixin._name]
    _description = "Guard Mixin"


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


def readers_only(name):
    """For the search method of a field that not everybody may read. Odoo asks for the right to a
    field where its column goes into the query, and such a method puts other columns there.

    :param str name: of the field
    """

    def decorate(search):
        @functools.wraps(search)
        def guarded(self, operator, value):
            self._check_field_access(self._fields[name], "read")
            return search(self, operator, value)

        return guarded

    return decorate
