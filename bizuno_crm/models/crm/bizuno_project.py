from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ... import messages
from ..base.bizuno_guard import BizunoGuardMixin
from .bizuno_project_stage import OUTCOMES
from .bizuno_reminder_mixin import BizunoReminderMixin
from .targets import check_readable

SEQUENCE = "bizuno.project"


class BizunoProject(models.Model):
    """A job in the pipeline, from the first prospect to its end."""

    _name = "bizuno.project"
    _description = "Project"
    _inherit = [
        # brings mail.thread
        "mail.tracking.duration.mixin",
        "mail.activity.mixin",
        # by its class, so that it is loaded before this model
        BizunoReminderMixin._name,
        # outcome and closing follow from the stage
        BizunoGuardMixin._name,
        "bizuno.project.sales.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _track_duration_field = "stage_id"

    # what
    number = fields.Char(
        required=True,
        default=lambda self: self.env._("New"),
        readonly=True,
        copy=False,
        index="trigram",
    )
    name = fields.Char(string="Title", required=True, tracking=True)
    active = fields.Boolean(default=True)
    notes = fields.Html()
    market_id = fields.Many2one(comodel_name="bizuno.market", index=True, ondelete="restrict")

    # who
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    oem_id = fields.Many2one(
        comodel_name="res.partner",
        string="OEM",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The manufacturer whose product the project is for.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assigned To",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
        tracking=True,
    )
    date_assigned = fields.Date(
        string="Assigned On",
        compute="_compute_date_assigned",
        store=True,
        readonly=False,
        copy=False,
    )
    working_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Working By",
        domain=[("share", "=", False)],
        help="Who is working on it now, if not the person it is assigned to. Both find it under My "
        "Projects.",
        index="btree_not_null",
        tracking=True,
    )
    reminder_ids = fields.One2many(
        comodel_name="bizuno.reminder", inverse_name="project_id", string="Reminders"
    )

    # how far
    stage_id = fields.Many2one(
        comodel_name="bizuno.project.stage",
        required=True,
        default=lambda self: self._default_stage_id(),
        group_expand="_group_expand_stage_id",
        index=True,
        ondelete="restrict",
        copy=False,
        tracking=True,
    )
    is_closed = fields.Boolean(related="stage_id.is_closed", store=True)
    outcome = fields.Selection(
        selection=OUTCOMES, compute="_compute_closing", store=True, copy=False, tracking=True
    )
    date_closed = fields.Date(
        string="Closed On",
        compute="_compute_closing",
        store=True,
        readonly=False,
        copy=False,
        index=True,
    )
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
    close_reason = fields.Char(string="Reason", copy=False, tracking=True)
    # the name Odoo's mixin for going stale looks for
    date_last_stage_update = fields.Datetime(
        string="In This Stage Since", compute="_compute_date_last_stage_update", store=True
    )

    # money
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    expected_revenue = fields.Monetary(tracking=True)
    weighted_revenue = fields.Monetary(
        compute="_compute_weighted_revenue",
        store=True,
        help="Expected revenue times probability: all of it for a won project, nothing for one "
        "closed as No Opportunity.",
    )
    analytic_account_id = fields.Many2one(
        comodel_name="account.analytic.account",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        groups="analytic.group_analytic_accounting",
        help="The account that collects the revenue and costs of this project.",
    )
    sale_order_ids = fields.One2many(
        comodel_name="sale.order", inverse_name="bizuno_project_id", string="Quotations and Orders"
    )

    # the log
    contact_log_ids = fields.One2many(comodel_name="bizuno.contact.log", inverse_name="project_id")

    _number_unique = models.UniqueIndex(
        "(company_id, number)", "Another project of this company already has this number."
    )

    def _default_stage_id(self):
        return self.env["bizuno.project.stage"].search([("is_closed", "=", False)], limit=1)

    @api.depends("number", "name")
    def _compute_display_name(self):
        for project in self:
            project.display_name = f"{project.number or ''} {project.name or ''}".strip()

    @api.depends("user_id")
    def _compute_date_assigned(self):
        today = fields.Date.context_today(self)
        for project in self:
            project.date_assigned = today if project.user_id else False

    @api.depends("stage_id")
    def _compute_closing(self):
        today = fields.Date.context_today(self)
        for project in self:
            stage = project.stage_id
            project.outcome = stage.closing_outcome if stage.is_closed else False
            project.date_closed = (project.date_closed or today) if stage.is_closed else False

    @api.depends("stage_id")
    def _compute_date_last_stage_update(self):
        self.date_last_stage_update = fields.Datetime.now()

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

    @api.constrains("stage_id", "close_reason")
    def _check_close_reason(self):
        for project in self:
            if project.outcome == "no_opportunity" and not (project.close_reason or "").strip():
                raise UserError(messages.closing_reason_missing(self.env, project))

    @api.constrains("probability")
    def _check_probability(self):
        for project in self:
            if not 0 <= project.probability <= 100:
                raise ValidationError(messages.project_probability_range(self.env, project))

    @api.constrains("user_id", "working_user_id")
    def _check_users(self):
        for project in self.sudo():
            for user in project.user_id + project.working_user_id:
                if user.share:
                    raise ValidationError(messages.user_external(self.env, project, user))

    @api.model_create_multi
    def create(self, vals_list):
        new = self.env._("New")
        default = self.default_get(["company_id"]).get("company_id")
        for vals in vals_list:
            if (vals.get("number") or new) != new:
                self._check_may_number(vals["number"])
            else:
                company = self.env["res.company"].browse(vals.get("company_id", default))
                vals["number"] = self._next_number(company or self.env.company)
        projects = super().create(vals_list)
        projects._check_targets()
        return projects

    def write(self, vals):
        if "number" in vals and any(project.number != vals["number"] for project in self):
            self._check_may_number(vals["number"])
        was_open = self.filtered(lambda project: project.active and not project.is_closed)
        if (
            "stage_id" in vals
            and not self.env["bizuno.project.stage"].browse(vals["stage_id"]).is_closed
        ):
            # The reason of an earlier closing stays in the chatter.
            vals = {"close_reason": False, **vals}
        result = super().write(vals)
        if {"partner_id", "oem_id"} & vals.keys():
            self._check_targets()
        if "company_id" in vals:
            self.company_id.check_access("read")  # none is moved to where nobody here sees it
        ended = was_open.filtered(lambda project: not project.active or project.is_closed)
        # Nobody needs reminding of a project that is done with, but of one that goes on after all.
        ended.sudo().reminder_ids._end_with_project()
        going_on = (self - was_open).filtered(lambda record: record.active and not record.is_closed)
        going_on.with_context(active_test=False).sudo().reminder_ids._go_on_with_project()
        return result

    # ------------------------------------------------------------------
    # what a rep does with a project
    # ------------------------------------------------------------------

    def action_close(self):
        """Ask for the outcome and close the project.

        :return: the action of the wizard
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close Project"),
            "res_model": "bizuno.project.close",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_project_id": self.id},
        }

    def action_reopen(self):
        """Put the project back into the first stage of the pipeline."""
        self.stage_id = self._default_stage_id()
        return True

    def action_log(self):
        """Open the wizard that logs an action for the customer about this project.

        :return: the action of the wizard
        :raise UserError: if the project has no customer
        """
        self._check_customer()
        return self.env["bizuno.log.action"]._action_open(
            {
                "default_partner_id": self.partner_id.id,
                "default_project_id": self.id,
            }
        )

    def action_new_quotation(self):
        """:return: the action with a new quotation for the customer of this project"""
        self._check_customer()
        action = self.partner_id.action_new_quotation()
        action["context"] |= {
            "default_bizuno_project_id": self.id,
            "default_company_id": self.company_id.id,
            "default_origin": self.number,
        }
        return action

    def _check_targets(self):
        """Nobody opens a project about a contact whom they may not see."""
        check_readable(self.partner_id, self.oem_id)

    def _check_customer(self):
        self.ensure_one()
        if not self.partner_id:
            raise UserError(messages.project_without_customer(self.env, self))

    # ------------------------------------------------------------------
    # hooks
    # ------------------------------------------------------------------

    @api.model
    def _check_may_number(self, number):
        """Numbers come from the sequence; who imports projects brings theirs along."""
        if not self.env.su and not self.env.user.has_group("bizuno_crm.group_manager"):
            raise AccessError(messages.project_number_fixed(self.env, number))

    @api.model
    def _next_number(self, company):
        """:return: the next number of the sequence that no project of the company has"""
        sequence = self.env["ir.sequence"].with_company(company)
        projects = self.sudo().with_context(active_test=False)
        while True:
            number = sequence.next_by_code(SEQUENCE)
            if not number:
                raise UserError(messages.project_sequence_missing(self.env, company))
            # An imported project may have brought a number that the sequence has yet to reach.
            if not projects.search_count(
                [("company_id", "=", company.id), ("number", "=", number)], limit=1
            ):
                return number

    @api.model
    def _group_expand_stage_id(self, stages, domain):
        return stages.search([])  # pylint: disable=no-search-all

    def _get_rotting_depends_fields(self):
        return [*super()._get_rotting_depends_fields(), "stage_id.is_closed"]

    def _get_rotting_domain(self):
        return super()._get_rotting_domain() & Domain("stage_id.is_closed", "=", False)
