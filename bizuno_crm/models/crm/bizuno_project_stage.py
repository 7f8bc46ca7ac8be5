from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import messages

OUTCOMES = [("won", "Won"), ("no_opportunity", "No Opportunity")]


class BizunoProjectStage(models.Model):
    """A step of the pipeline."""

    _name = "bizuno.project.stage"
    _inherit = ["bizuno.code.mixin"]
    _description = "Project Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    fold = fields.Boolean(string="Folded in Kanban")
    is_closed = fields.Boolean(
        string="Closed", help="Projects of this stage are done with, won or not."
    )
    closing_outcome = fields.Selection(
        selection=OUTCOMES,
        string="Outcome",
        help="What it means when a project is closed into this stage.",
    )
    # the name Odoo's mixin for going stale looks for
    rotting_threshold_days = fields.Integer(
        string="Stale After (Days)",
        help="A project that stays longer in this stage is marked as stale; 0 never marks it.",
    )

    _code_unique = models.UniqueIndex(
        "(lower(btrim(code)))", "This stage code exists already: choose another code."
    )
    _outcome_if_closed = models.Constraint(
        "CHECK (is_closed IS NOT TRUE OR closing_outcome IS NOT NULL)",
        "A stage for closed projects needs an outcome: Won or No Opportunity.",
    )

    def write(self, vals):
        for name in ("is_closed", "closing_outcome"):
            if name in vals:
                changed = self.filtered(lambda stage, name=name: stage[name] != vals[name])
                # The outcome of its projects was decided when they came into the stage.
                for stage, count in changed._count_projects():
                    raise UserError(messages.stage_meaning_in_use(self.env, stage, count))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for stage, count in self._count_projects():
            raise UserError(messages.stage_in_use(self.env, stage, count))

    def _count_projects(self):
        """:return: [(stage, how many projects)], archived ones and those unseen by the user too"""
        projects = self.env["bizuno.project"].sudo().with_context(active_test=False)
        return projects._read_group([("stage_id", "in", self.ids)], ["stage_id"], ["__count"])
