from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ... import messages
from ..base.bizuno_guard import check_numbers


class BizunoProjectStage(models.Model):
    """How likely it is that a project of this stage is won."""

    _inherit = "bizuno.project.stage"

    probability = fields.Float(
        string="Probability (%)",
        default=50.0,
        digits=(5, 1),
        aggregator=None,
        help="How likely a project of this stage is won. It takes that over when it comes into "
        "the stage; whoever knows better changes it on the project.",
    )

    # NaN is more than any number
    _probability_percent = models.Constraint(
        "CHECK (probability >= 0 AND probability <= 100)",
        "The probability of a stage is a percentage: enter a number from 0 to 100.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_numbers(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        check_numbers(self, vals)
        if "probability" not in vals:
            return super().write(vals)
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


class BizunoProject(models.Model):
    """What may come in, and when."""

    _inherit = "bizuno.project"

    date_expected = fields.Date(
        string="Expected Closing", copy=False, index="btree_not_null", tracking=True
    )
    probability = fields.Float(
        string="Probability (%)",
        compute="_compute_probability",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        digits=(5, 1),
        aggregator="avg",
        help="How likely it is won: that of its stage, until you change it.",
    )
    weighted_revenue = fields.Monetary(
        compute="_compute_weighted_revenue",
        store=True,
        help="The expected revenue by its probability; of a project that was won all of it, of one "
        "without an opportunity nothing.",
    )

    @api.depends("stage_id")
    def _compute_probability(self):
        for project in self:
            stage = project.stage_id
            if stage.is_closed:
                project.probability = 100.0 if stage.closing_outcome == "won" else 0.0
            else:
                project.probability = stage.probability

    @api.depends("expected_revenue", "probability", "outcome", "currency_id")
    def _compute_weighted_revenue(self):
        shares = {"won": 1.0, "no_opportunity": 0.0}
        for project in self:
            share = shares.get(project.outcome, project.probability / 100.0)
            value = project.expected_revenue * share
            currency = project.currency_id
            project.weighted_revenue = currency.round(value) if currency else value

    @api.constrains("probability")
    def _check_probability(self):
        for project in self:
            if not 0 <= project.probability <= 100:
                raise ValidationError(messages.project_probability_range(self.env, project))
