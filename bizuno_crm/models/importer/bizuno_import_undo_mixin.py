from itertools import takewhile

from odoo import fields, models
from odoo.exceptions import UserError

from ... import messages
from ..base.jobs import in_transaction

#: More records than that are removed in the background.
_AT_ONCE = 1_000
# Records that are removed in one transaction.
_PIECE = 200


class BizunoImportUndoMixin(models.AbstractModel):
    """Takes a move back: what it has made and nobody has used or changed is removed, the last
    first, in pieces. Each piece is a transaction, and keeps in it how far it is: whoever is
    interrupted goes on behind the last one."""

    _name = "bizuno.import.undo.mixin"
    _description = "Undo of a Move from Bizuno"

    #: {"below": what has this id or a higher one is dealt with, "done": how many are, "of": all}
    undoing = fields.Json(readonly=True)
    made_ids = fields.One2many(
        comodel_name="bizuno.import.record",
        inverse_name="run_id",
        domain=[("was_created", "=", True)],
        readonly=True,
        string="Created",
        help="What the run has created, and what of it is still here once it was undone.",
    )

    def action_undo(self):
        """Remove what the run has made, as far as nobody has used or changed it; in the background
        where that is much.

        :return: an action that says how much is gone and how much stays
        """
        self._check_administrator()
        self.ensure_one()
        if self.state not in ("done", "cancelled", "failed"):
            raise UserError(messages.import_not_undoable(self.env, self))
        self._lock_for_user()
        run = self.sudo()
        count = run._count_made()
        run.step_ids.unlink()
        run.write(
            {
                "state": "undoing", "file": False, "tries": 0, "failure": False,
                "undoing": {"below": 0, "done": 0, "of": count},
            }
        )  # fmt: skip
        reload = {"type": "ir.actions.client", "tag": "soft_reload"}
        if count > _AT_ONCE:
            self._wake()
            return reload
        while run._undo_piece():
            pass
        left = run._count_made()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": messages.import_undone(self.env, count - left, left),
                "type": "success",
                "next": reload,
            },
        }

    def _get_made_domain(self):
        return [("run_id", "=", self.id), ("was_created", "=", True)]

    def _count_made(self):
        return self.env["bizuno.import.record"].search_count(self._get_made_domain())

    def _undo_piece(self):
        """:return: whether there is more"""
        undoing = self.undoing
        domain = self._get_made_domain()
        if undoing["below"]:
            domain.append(("id", "<", undoing["below"]))
        records = self.env["bizuno.import.record"].search(domain, order="id desc", limit=_PIECE)
        if not records:
            self.write({"state": "undone", "undoing": False})
            return False
        model = records[0].res_model
        records = records.browse(
            record.id for record in takewhile(lambda record: record.res_model == model, records)
        )
        below, count = records[-1].id, len(records)
        records._undo()
        self.write({"undoing": {**undoing, "below": below, "done": undoing["done"] + count}})
        return True

    def _undo_rest(self, has_time):
        """:return: whether the run has come to an end"""
        more = []

        def work():
            self._lock()
            # A piece that came to its end is none that the server does not let end.
            self.tries = 1
            more[:] = [self._undo_piece()]

        while True:
            in_transaction(self.env, work)
            if not more[0]:
                return True
            if not has_time():
                return False

    def _get_undo_progress(self):
        """:return: (per cent, the same in words)"""
        done, count = self.undoing["done"], self.undoing["of"]
        return 100 * done // (count or 1), messages.import_undo_progress(self.env, done, count)
