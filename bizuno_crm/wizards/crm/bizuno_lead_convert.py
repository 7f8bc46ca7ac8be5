from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ... import messages
from ...logic.forms import form_of

DECISIONS = [
    ("merge", "Merge into the existing contact"),
    ("convert", "Make a second customer"),
    ("skip", "Leave as lead"),
]


class BizunoLeadConvert(models.TransientModel):
    """Shows the contacts that a lead may be a double of, and asks what to do."""

    _name = "bizuno.lead.convert"
    _description = "Convert Leads to Customers"

    lead_ids = fields.Many2many(comodel_name="res.partner", string="Leads")
    line_ids = fields.One2many(
        comodel_name="bizuno.lead.convert.line",
        inverse_name="wizard_id",
        compute="_compute_line_ids",
        # only doubles that the user may see
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    # One lead, which is the usual case and the only one on a phone, is decided on the dialog itself
    # and not in a list that is wider than the screen.
    lead_id = fields.Many2one(comodel_name="res.partner", compute="_compute_lead_id")
    lead_details = fields.Char(compute="_compute_lead_id", string="Details of the Lead")
    candidate_ids = fields.Many2many(
        comodel_name="res.partner", compute="_compute_lead_id", context={"active_test": False}
    )
    is_choice = fields.Boolean(
        compute="_compute_lead_id", help="Whether there are several existing contacts."
    )
    target_id = fields.Many2one(
        comodel_name="res.partner",
        string="Existing Contact",
        compute="_compute_decision",
        store=True,
        readonly=False,
        domain="[('id', 'in', candidate_ids)]",
        context={"active_test": False},
        ondelete="set null",
    )
    target_details = fields.Char(
        compute="_compute_target_details", string="Details of the Existing Contact"
    )
    decision = fields.Selection(
        selection=DECISIONS,
        string="What To Do",
        compute="_compute_decision",
        store=True,
        readonly=False,
    )

    @api.depends("line_ids.lead_id", "line_ids.candidate_ids")
    def _compute_lead_id(self):
        for wizard in self:
            line = wizard.line_ids if len(wizard.line_ids) == 1 else wizard.line_ids.browse()
            wizard.lead_id = line.lead_id
            wizard.lead_details = line.lead_id._get_lead_details() if line else False
            wizard.candidate_ids = line.candidate_ids
            wizard.is_choice = len(line.candidate_ids) > 1

    @api.depends("target_id")
    def _compute_target_details(self):
        for wizard in self:
            target = wizard.target_id
            wizard.target_details = target._get_lead_details() if target else False

    @api.depends("line_ids.decision", "line_ids.target_id")
    def _compute_decision(self):
        for wizard in self:
            line = wizard.line_ids if len(wizard.line_ids) == 1 else wizard.line_ids.browse()
            wizard.target_id = line.target_id
            wizard.decision = line.decision

    @api.depends("lead_ids")
    def _compute_line_ids(self):
        for wizard in self:
            leads = wizard.lead_ids._origin
            candidates = leads._find_registered_duplicates()
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "lead_id": lead.id,
                        "candidate_ids": [Command.set(candidates[lead.id].ids)],
                        **self._propose(candidates[lead.id], leads, leads[:position]),
                    }
                )
                for position, lead in enumerate(leads)
            ]

    @api.model
    def _propose(self, doubles, leads, earlier):
        """What to do with a lead: of several with one address, the first one becomes the customer
        into which the others are merged.

        :param doubles: its doubles
        :param leads: all that are converted
        :param earlier: those that are converted before it
        """
        others = doubles - leads
        if others:
            decision = "merge" if len(others) == 1 else False
            return {"target_id": others[:1].id, "decision": decision}
        first = (earlier & doubles)[:1]
        return {"target_id": first.id, "decision": "merge" if first else "convert"}

    def action_confirm(self):
        """Do for each lead what was decided.

        :return: the action that opens the customer, if it was one lead
        :raise UserError: if nothing to merge with was chosen
        """
        self.ensure_one()
        if len(self.line_ids) == 1:
            self.line_ids.write({"decision": self.decision, "target_id": self.target_id.id})
        customers = self.env["res.partner"]
        for line in self.line_ids:
            customers |= line._apply()
        customers = customers.exists()
        if len(customers) != 1:
            return {"type": "ir.actions.act_window_close"}
        # it is no lead any more: the breadcrumb does not go on under Leads
        return {**form_of(customers), "target": "main"}


class BizunoLeadConvertLine(models.TransientModel):
    _name = "bizuno.lead.convert.line"
    _description = "Lead to Convert"

    wizard_id = fields.Many2one(
        comodel_name="bizuno.lead.convert", required=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(comodel_name="res.partner", required=True, ondelete="cascade")
    candidate_ids = fields.Many2many(
        comodel_name="res.partner", context={"active_test": False}, string="Same E-mail or Tax ID"
    )
    target_id = fields.Many2one(
        comodel_name="res.partner",
        string="Existing Contact",
        domain="[('id', 'in', candidate_ids)]",
        context={"active_test": False},
        ondelete="set null",
    )
    target_email = fields.Char(related="target_id.email", related_sudo=False)
    target_vat = fields.Char(related="target_id.vat", related_sudo=False)
    decision = fields.Selection(
        selection=DECISIONS,
        string="What To Do",
    )

    def _apply(self):
        """:return: the customer that came of it, or an empty recordset"""
        self.ensure_one()
        if self.decision == "merge":
            target = self.target_id
            if target == self.lead_id:
                # The one that it was to be merged into has been merged into it.
                return self._convert()
            # Only what the search for doubles finds: the list came by way of the client.
            if target not in self.lead_id._find_registered_duplicates()[self.lead_id.id]:
                raise UserError(messages.lead_merge_target_missing(self.env, self.lead_id))
            self.lead_id._merge_lead_into(target)
            return target
        if self.decision == "convert":
            return self._convert()
        if not self.decision:
            raise UserError(messages.lead_merge_target_missing(self.env, self.lead_id))
        return self.env["res.partner"]

    def _convert(self):
        self.lead_id._check_may_convert_lead()
        self.lead_id._convert_lead_to_customer()
        return self.lead_id
