from odoo import api, models
from odoo.exceptions import AccessError

from ... import messages


class BizunoComputedMixin(models.AbstractModel):
    """A model whose stored computed fields decide something: what a document comes to, what of it
    is invoiced, whose account a contact has.

    Odoo stores whatever a remote call writes into such a field, until something it depends on
    changes. Here only the system does: its computations do not come by `write`.
    """

    _name = "bizuno.computed.mixin"
    _description = "Computed Fields That Only the System Writes"

    # Those that Odoo's own pages send and its own buttons write, as the person; nothing is decided
    # by them.
    _computed_of_pages = frozenset()
    # Those that nothing computes, and that only the system writes as well.
    _written_by_system = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if (computed := self._get_given_computed(vals)) and self._is_computed_guarded(vals):
                    self._refuse_computed(computed)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (computed := self._get_given_computed(vals)):
            for record in self.filtered(lambda guarded: guarded._is_computed_guarded()):
                different = {name for name in computed if record._is_computed_changed(name, vals)}
                if different:
                    record._refuse_computed(different)
        return super().write(vals)

    @api.model
    def default_get(self, fields):  # pylint: disable=redefined-outer-name
        # Neither by a default of the context or one that a user has saved.
        if not self.env.su:
            computed = self._get_computed_names() | self._written_by_system
            fields = [name for name in fields if name not in computed]
        return super().default_get(fields)

    @api.model
    def _get_computed_names(self):
        """:return: set of the names of the stored fields that are worked out from others and that
        no page edits"""
        cls = self.env.registry[self._name]
        names = cls.__dict__.get("_bizuno_computed_names")
        if names is None:
            names = cls._bizuno_computed_names = frozenset(
                name
                for name, field in self._fields.items()
                if field.store
                and field.compute
                and field.readonly
                and not field.inverse
                and name not in cls._computed_of_pages
            )
        return names

    @api.model
    def _get_given_computed(self, vals):
        """:return: set of the names of those fields that these values would set"""
        written = {name for name in self._written_by_system & vals.keys() if vals[name]}
        return self._get_computed_names() & vals.keys() | written

    def _is_computed_guarded(self, vals=None):
        """
        :param dict vals: of a record that is to be created; None: this one
        :return: whether anything is decided by the computed fields of the record
        """
        return True

    def _is_computed_changed(self, name, vals):
        field, known = self._fields[name], self.sudo()
        try:
            new = field.convert_to_record(field.convert_to_cache(vals[name], known), known)
        except (TypeError, ValueError):
            return True
        return new != known[name]

    def _refuse_computed(self, names):
        labels = [self._fields[name]._description_string(self.env) for name in sorted(names)]
        name = self.sudo().display_name if self else self.env["ir.model"]._get(self._name).name
        raise AccessError(messages.computed_fields_refused(self.env, name, labels))
