from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ... import messages


class BizunoProject(models.Model):
    # What may come in, and when.

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
        help="How likely the project is to be won: taken from its stage until you change it.",
    )
    weighted_revenue = fields.Monetary(
        compute="_compute_weighted_revenue",
        store=True,
        help="Expected revenue times probability: all of it for a won project, nothing for one "
        "closed as No Opportunity.",
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
