from datetime import timedelta

from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date, plaintext2html

from ... import messages
from ..base.bizuno_guard import BizunoGuardMixin
from .targets import check_readable

# How long an entry is its author's to correct.
CORRECTION_TIME = timedelta(days=1)
# What the server sets, neither by value nor by context to be had otherwise.
_FACTS = ("user_id", "date_entered", "message_ids", "commercial_partner_id")


class BizunoContactLog(models.Model):
    """One row per outreach: who spoke with which contact, when, how, and what came of it.

    The author is set by the server; the date is the author's to choose, because calls are logged in
    the evening, but it is never later than now. Whoever may log may correct an own entry for a day
    after entering it, which is why the access rows of the level Add carry the right to write.
    """

    _name = "bizuno.contact.log"
    _description = "Contact Log"
    # whose account an entry belongs to follows from its contact
    _inherit = [BizunoGuardMixin._name]
    _order = "date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        index=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Company of the Contact",
        related="partner_id.commercial_partner_id",
        store=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        copy=False,
        index=True,
        help="When it happened; it cannot be in the future.",
    )
    # The day for corrections is counted from here: a date that is chosen would move it.
    date_entered = fields.Datetime(
        string="Entered On", default=fields.Datetime.now, readonly=True, copy=False
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered By",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
    )
    action_id = fields.Many2one(
        comodel_name="bizuno.action.code",
        required=True,
        index=True,
        ondelete="restrict",
    )
    notes = fields.Text()
    project_id = fields.Many2one(
        comodel_name="bizuno.project",
        index="btree_not_null",
        # The outreach happened, whatever becomes of the project.
        ondelete="set null",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        readonly=True,
        index=True,
    )
    can_correct = fields.Boolean(compute="_compute_can_correct")
    message_ids = fields.Many2many(
        comodel_name="mail.message",
        relation="bizuno_contact_log_message_rel",
        string="Chatter Entries",
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="The chatter messages that show this entry; they are corrected along with it.",
    )

    @api.depends("user_id", "date_entered")
    @api.depends_context("uid")
    def _compute_can_correct(self):
        for entry in self:
            entry.can_correct = entry._is_correctable()

    @api.depends("action_id", "partner_id", "date")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._(
                "%(action)s: %(contact)s",
                action=entry.action_id.name or "",
                contact=entry.partner_id.sudo().display_name or "",
            )

    @api.constrains("date")
    def _check_date(self):
        now = fields.Datetime.now()
        for entry in self:
            if entry.date > now:
                raise ValidationError(messages.log_date_in_future(self.env, entry))

    @api.model_create_multi
    def create(self, vals_list):
        if not self._may_do_everything():
            self, vals_list = self._with_facts(vals_list)
        entries = super().create(self._with_companies_of_targets(vals_list))
        entries._check_targets()
        entries._post_in_chatter()
        return entries

    def write(self, vals):
        if not self._may_do_everything():
            if {*_FACTS, "company_id"} & vals.keys():
                raise AccessError(messages.log_author_fixed(self.env))
            self._check_correctable()
        result = super().write(vals)
        if {"partner_id", "project_id"} & vals.keys():
            self._check_targets()
        if {"action_id", "date", "notes"} & vals.keys():
            for entry in self:
                entry.sudo().message_ids.body = entry._chatter_body()
        if "partner_id" in vals or "project_id" in vals:
            # It stands in the chatter of the contact it belongs to now, and in no other.
            self.sudo().message_ids.unlink()
            self._post_in_chatter()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_old_or_others(self):
        if not self._may_do_everything():
            self._check_correctable()

    def unlink(self):
        posted = self.sudo().message_ids
        result = super().unlink()
        posted.unlink()
        return result

    def _may_do_everything(self):
        return self.env.su or self.env.user.has_group("bizuno_crm.group_manager")

    def _is_correctable(self):
        self.ensure_one()
        if self._may_do_everything():
            return True
        # Entries of earlier versions have their date alone.
        entered = self.date_entered or self.date
        mine = self.user_id == self.env.user
        return bool(mine and entered and fields.Datetime.now() - entered <= CORRECTION_TIME)

    def _check_correctable(self):
        for entry in self:
            if not entry._is_correctable():
                raise AccessError(messages.log_no_longer_correctable(self.env, entry))

    @api.model
    def _with_facts(self, vals_list):
        """Who entered it, and when, are facts, not input, neither by value nor by context."""
        for vals in vals_list:
            stated_facts = {name for name in _FACTS if vals.get(name)}
            if stated_facts - {"user_id"} or vals.get("user_id", self.env.uid) != self.env.uid:
                raise AccessError(messages.log_author_fixed(self.env))
        fixed = {f"default_{name}" for name in _FACTS}
        context = {key: value for key, value in self.env.context.items() if key not in fixed}
        facts = {"user_id": self.env.uid, "date_entered": fields.Datetime.now()}
        without = self.with_context(context)  # pylint: disable=context-overridden
        return without, [{**vals, **facts} for vals in vals_list]

    @api.model
    def _with_companies_of_targets(self, vals_list):
        """An entry belongs to the company of what it is about, whichever the user has on top."""
        projects, partners = (
            # All of them are read at once.
            self.env[model].sudo().browse([vals[name] for vals in vals_list if vals.get(name)])
            for model, name in (("bizuno.project", "project_id"), ("res.partner", "partner_id"))
        )
        of_project = {project.id: project.company_id.id for project in projects}
        of_partner = {partner.id: partner.company_id.id for partner in partners}

        def with_company(vals):
            company = of_project.get(vals.get("project_id")) or of_partner.get(
                vals.get("partner_id")
            )
            if vals.get("company_id") or not company:
                return vals
            return {**vals, "company_id": company}

        return [with_company(vals) for vals in vals_list]

    def _check_targets(self):
        """Nobody writes into the chatter of what they may not see."""
        check_readable(self.partner_id, self.project_id)

    def _post_in_chatter(self):
        """Show the entries on their contacts and projects, by their authors.

        As superuser: who may log may not always change the contact, and posting needs that.
        """
        for entry in self.sudo():
            values = {
                "body": entry._chatter_body(),
                "author_id": entry.user_id.partner_id.id,
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_note",
            }
            shown = {(message.model, message.res_id) for message in entry.message_ids}
            for record in (entry.partner_id, entry.project_id):
                if record and (record._name, record.id) not in shown:
                    entry.message_ids += record.message_post(**values)

    def _chatter_body(self):
        title = self.action_id.name
        day, entered = (
            fields.Datetime.context_timestamp(self.with_context(tz=self.user_id.tz), moment).date()
            for moment in (self.date, self.date_entered or self.date)
        )
        if day != entered:
            # The chatter shows when it was entered.
            title = self.env._(
                "%(action)s on %(date)s", action=title, date=format_date(self.env, day)
            )
        body = Markup("<p><b>%s</b></p>") % escape(title)
        if self.notes:
            body += plaintext2html(self.notes)
        return body
