from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..base.withhold import withhold
from .values import plain

# What people write; Odoo's own notes are of other types.
_BY_PEOPLE = ("comment", "email", "email_outgoing")


class BizunoImportRecord(models.Model):
    """What a row of Bizuno has become: what was in the row, and what stood in Odoo afterwards, so
    that a later run writes only what has changed in Bizuno, and nothing that a user has changed."""

    _name = "bizuno.import.record"
    _description = "Record from Bizuno"
    _order = "id"

    key = fields.Char(required=True, readonly=True, help="Table and ID in Bizuno.")
    res_model = fields.Char(string="Model", required=True, readonly=True)
    model_name = fields.Char(string="Kind", compute="_compute_model_name")
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    run_id = fields.Many2one(
        comodel_name="bizuno.import.run",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="The run that first moved it.",
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True)
    was_created = fields.Boolean(
        readonly=True, help="The run created the record; otherwise it already existed here."
    )
    given = fields.Json(readonly=True)
    written = fields.Json(readonly=True)
    cells = fields.Json(
        readonly=True, help="The contact as a row of Bizuno's own export, for exporting it back."
    )

    # The last ones of a run come first where it is undone.
    _run_index = models.Index("(run_id, id)")
    _key_unique = models.UniqueIndex("(company_id, key)", "This row has already been moved.")

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_model_name(self):
        for record in self:
            model = self.env["ir.model"]._get(record.res_model)
            record.model_name = model.name or record.res_model

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes),
            ("company_id", "res_model", "run_id", "was_created"),
        )

    def _is_touched(self):
        """Whether somebody has changed the record since it was brought over, or it is gone."""
        self.ensure_one()
        model = self.env[self.res_model].with_company(self.company_id)
        record = model.with_context(active_test=False).browse(self.res_id).exists()
        return (
            not record
            or self._is_begun(record)
            or any(plain(record, name) != value for name, value in self.written.items())
        )

    def _is_begun(self, record):
        """Whether some of an order was delivered here."""
        return record._name == "sale.order" and any(record.order_line.mapped("qty_delivered"))

    def _undo(self):
        """Remove what these, of one model and the last first, have become, as far as nobody has
        changed or used it."""
        if self[:1].res_model not in self.env:
            # It went with its app.
            self.unlink()
            return
        self._remove_unused(self._get_used())

    def _remove_unused(self, used):
        """Remove what nobody has changed or used: together, for one by one takes minutes.

        :param set used: ids of records of the model that stay; the parents of who stays join them
        """
        unused = self.browse()
        for record in self:
            if record.res_id in used or record._is_touched():
                # Who stays keeps the company it belongs to.
                used.add(record._get_parent())
            else:
                unused += record
        if not unused or unused._remove():
            return
        if len(unused) == 1:
            used.add(unused._get_parent())
            return
        # Something needs one of them: which one is found by halves.
        half = len(unused) // 2
        unused[:half]._remove_unused(used)
        unused[half:]._remove_unused(used)

    def _get_parent(self):
        if self.res_model != "res.partner":
            return None
        return self.env["res.partner"].browse(self.res_id).exists().parent_id.id

    def _get_used(self):
        """
        :return: set of the ids of the records, which are of one model, that somebody has work on
            which would go with them: activities, messages, files, people, and whatever is deleted
            with a contact or a project
        """
        env, model = self.env, self[:1].res_model
        mine = {
            document.id: record.res_id for record in self if (document := record._get_documents())
        }
        document = self[:1]._get_documents()._name
        used_ids = set()
        for name, field, domain in (
            ("mail.activity", "res_model", []),
            ("mail.message", "model", [("message_type", "in", _BY_PEOPLE)]),
            ("ir.attachment", "res_model", [("res_field", "=", False)]),
        ):
            rows = env[name].with_context(active_test=False).search_fetch(
                [(field, "=", document), ("res_id", "in", [*mine]), *domain], ["res_id"]
            )  # fmt: skip
            used_ids |= {mine[row.res_id] for row in rows}
        if model in ("res.partner", "bizuno.project"):
            for field in _get_cascading(env, model):
                rows = env[field.model_name].with_context(active_test=False)
                rows = rows.search_fetch([(field.name, "in", [*mine])], [field.name])
                used_ids |= {*rows.mapped(field.name).ids}
        if model == "res.partner":
            children = env[model].with_context(active_test=False).search_fetch(
                [("parent_id", "in", [*mine]), ("id", "not in", [*mine])], ["parent_id"]
            )  # fmt: skip
            used_ids |= {*children.parent_id.ids}
        return used_ids

    def _get_documents(self):
        """:return: the records, of one model, whose rows were brought over"""
        model = self[:1].res_model
        records = self.env[model].browse(self.mapped("res_id"))
        # An unapplied payment is known by the item that is open.
        return records.exists().move_id if model == "account.move.line" else records

    def _remove(self):
        """Delete the records that were brought over, all of one model, unless something needs one.

        :return: whether they are gone
        """
        records = self._get_documents()
        try:
            # That something needs it is no fault: the database says so, and is not logged.
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._make_deletable(records).unlink()
                self.env.flush_all()
        except (RedirectWarning, UserError, IntegrityError):
            return False
        self.unlink()
        return True

    def _make_deletable(self, records):
        """:return: the records, all of one model, as Odoo lets them be deleted"""
        if records._name == "account.move":
            records.button_draft()
            return records.with_context(force_delete=True)
        if records._name == "sale.order":
            records.filtered(lambda order: order.state == "sale")._action_cancel()
        if "picking_ids" in records._fields:
            # Inventory keeps what an order was to move, and with it the products.
            records.picking_ids.filtered(lambda transfer: transfer.state == "cancel").unlink()
        return records


def _get_cascading(env, model):
    """:return: the fields of other models that name a record of this one, and whose records are
    deleted with it"""
    return [
        field
        for other in env.registry.values()
        # Who follows or was notified is no work of anybody's.
        if other._auto and not other._transient and other._original_module != "mail"
        for field in other._fields.values()
        if field.type == "many2one"
        and field.comodel_name == model
        and field.store
        and field.ondelete == "cascade"
        and not field.company_dependent
    ]
