from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import messages
from ..base.bizuno_guard import BizunoNumberMixin

OUTCOMES = [("won", "Won"), ("no_opportunity", "No Opportunity")]


class BizunoProjectStage(models.Model):
    """A step of the pipeline, and how likely it is that a project of it is won."""

    _name = "bizuno.project.stage"
    _inherit = [BizunoNumberMixin._name, "bizuno.code.mixin"]
    _description = "Project Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    fold = fields.Boolean(string="Folded in Kanban")
    is_closed = fields.Boolean(
        string="Closed", help="Projects in this stage are closed, won or not."
    )
    closing_outcome = fields.Selection(
        selection=OUTCOMES,
        string="Outcome",
        help="The outcome of a project that is closed in this stage.",
    )
    probability = fields.Float(
        string="Probability (%)",
        default=50.0,
        digits=(5, 1),
        aggregator=None,
        help="How likely a project in this stage is to be won. A project takes this value when it "
        "enters the stage; you can change it on the project.",
    )
    # the name Odoo's mixin for going stale looks for
    rotting_threshold_days = fields.Integer(
        string="Stale After (Days)",
        help="A project that stays in this stage longer is marked as stale; 0 turns this off.",
    )

    _code_unique = models.UniqueIndex(
        "(lower(btrim(code)))", "This stage code already exists: choose another code."
    )
    _outcome_if_closed = models.Constraint(
        "CHECK (is_closed IS NOT TRUE OR closing_outcome IS NOT NULL)",
        "A stage for closed projects needs an outcome: Won or No Opportunity.",
    )
    # NaN is more than any number
    _probability_percent = models.Constraint(
        "CHECK (probability >= 0 AND probability <= 100)",
        "The probability of a stage is a percentage: enter a number from 0 to 100.",
    )

    def write(self, vals):
        for name in ("is_closed", "closing_outcome"):
            if name in vals:
                changed = self.filtered(lambda stage, name=name: stage[name] != vals[name])
                # The outcome of its projects was decided when they came into the stage.
                for stage, count in changed._count_projects():
                    raise UserError(messages.stage_meaning_in_use(self.env, stage, count))
        before = {}
        if "probability" in vals:
            before = {stage: stage.probability for stage in self}
        result = super().write(vals)
        projects = self.env["bizuno.project"].sudo().with_context(active_test=False)
        for stage, probability in before.items():
            if stage.probability != probability and not stage.is_closed:
                # those that have the stage's own; what somebody has typed stays
                projects.search(
                    [("stage_id", "=", stage.id), ("probability", "=", probability)]
                ).probability = stage.probability
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for stage, count in self._count_projects():
            raise UserError(messages.stage_in_use(self.env, stage, count))

    def _count_projects(self):
        """:return: [(stage, how many projects)], archived ones and those unseen by the user too"""
        projects = self.env["bizuno.project"].sudo().with_context(active_test=False)
        return projects._read_group([("stage_id", "in", self.ids)], ["stage_id"], ["__count"])
