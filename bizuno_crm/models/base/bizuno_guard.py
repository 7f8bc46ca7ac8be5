"""Numbers that are none, refused in words; and fields that not everybody may search by."""

import functools
import math

from odoo import api, models
from odoo.exceptions import ValidationError

from ... import messages
from .bizuno_computed_mixin import BizunoComputedMixin
from .given import with_given_defaults

_NUMBERS = ("float", "monetary")
# From so many cents on, or whatever a currency is rounded to, Odoo's rounding goes wrong.
_MOST = 2.0**49


class BizunoNumberMixin(models.AbstractModel):
    """A model whose numbers people type: what is none is refused before anything is made of it."""

    _name = "bizuno.number.mixin"
    _description = "Record with Numbers"

    # Names of the fields that Odoo multiplies with each other: what they come to is a number, too.
    _multiplied = ()

    @api.model_create_multi
    def create(self, vals_list):
        names = [name for name, field in self._fields.items() if field.type in _NUMBERS]
        for vals in with_given_defaults(self, vals_list, *names):
            # Whatever records somebody has created them from, it is none of these.
            check_numbers(self.browse(), vals)
            self.browse()._check_product(vals)
        return super().create(vals_list)

    def write(self, vals):
        check_numbers(self, vals)
        if not vals.keys().isdisjoint(self._multiplied):
            for record in self:
                record._check_product(vals)
        return super().write(vals)

    def _check_product(self, vals):
        """
        :raise ValidationError: if what is multiplied is too large for cents to be told apart
        """
        if not self._multiplied:
            return
        # Of what is not there yet only what is given is known.
        known = [name for name in self._multiplied if self or name in vals]
        values = [vals[name] if name in vals else self[name] for name in known]
        try:
            amount = math.prod(float(value or 0) for value in values)
        except (TypeError, ValueError):
            return  # no number at all: the field itself says so
        currency = self[:1].currency_id or self.env.company.currency_id
        if abs(amount) >= _MOST * currency.rounding:
            raise ValidationError(messages.amount_too_large(self.env, self, self._multiplied))


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
        if field is None or field.type not in _NUMBERS:
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
