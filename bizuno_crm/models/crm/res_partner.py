from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ... import messages
from ..base.bizuno_guard import readers_only
from .bizuno_lead_mixin import BizunoLeadMixin
from .bizuno_reminder_mixin import READERS, BizunoReminderMixin

PROJECT_READERS = "bizuno_crm.group_project_read"


class ResPartner(models.Model):
    # A contact with the log of what was done for it, reminders and projects, who may be a lead.

    _name = "res.partner"
    _inherit = [BizunoLeadMixin._name, BizunoReminderMixin._name, "res.partner"]

    # The person of a lead that is a company, on the lead itself: a business card is one page.
    lead_contact_name = fields.Char(
        string="Contact Name",
        compute="_compute_lead_person",
        inverse="_inverse_lead_person",
        help="This company's first contact.",
    )
    lead_contact_function = fields.Char(
        string="Contact's Job Position",
        compute="_compute_lead_person",
        inverse="_inverse_lead_person",
    )
    # log
    contact_log_ids = fields.One2many(
        comodel_name="bizuno.contact.log",
        inverse_name="partner_id",
        groups=READERS,
    )
    contact_log_count = fields.Integer(
        string="Log Entries", compute="_compute_contact_log", groups=READERS
    )
    last_contact_date = fields.Datetime(
        string="Last Contact",
        compute="_compute_contact_log",
        search="_search_last_contact_date",
        groups=READERS,
        help="The latest entry in the contact log, including entries of its own contacts.",
    )
    days_since_contact = fields.Integer(
        compute="_compute_contact_log",
        groups=READERS,
        aggregator=None,
    )
    last_contact_text = fields.Char(
        string="Last Contact in Words", compute="_compute_last_contact_text", groups=READERS
    )
    # reminders and projects
    reminder_ids = fields.One2many(
        comodel_name="bizuno.reminder",
        inverse_name="partner_id",
        string="Reminders",
        groups=READERS,
    )
    project_ids = fields.One2many(
        comodel_name="bizuno.project",
        inverse_name="partner_id",
        string="Projects",
        groups=PROJECT_READERS,
    )
    project_count = fields.Integer(
        string="Bizuno Projects", compute="_compute_project_count", groups=PROJECT_READERS
    )

    @api.model
    def _get_contact_use_models(self):
        return [
            *super()._get_contact_use_models(),
            ("bizuno.contact.log", ["partner_id"]),
            ("bizuno.project", ["partner_id", "oem_id"]),
        ]

    @api.depends("contact_log_ids.date", "child_ids.contact_log_ids.date")
    @api.depends_context("allowed_company_ids")
    def _compute_contact_log(self):
        log = self.env["bizuno.contact.log"].sudo()
        aggregates = ["date:max", "__count"]
        log_figures = {}
        for account, contact, latest, count in log._read_group(
            # as the list behind the figure
            [
                "|",
                ("partner_id", "in", self.ids),
                ("commercial_partner_id", "in", self.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["commercial_partner_id", "partner_id"],
            aggregates,
        ):
            # of a company with all its contacts; of a single contact its own
            for partner in account | contact:
                last, total = log_figures.get(partner, (latest, 0))
                log_figures[partner] = (max(last, latest), total + count)
        today = fields.Date.context_today(self)
        for partner in self:
            latest, count = log_figures.get(partner._origin, (False, 0))
            partner.contact_log_count = count
            partner.last_contact_date = latest
            day = latest and fields.Datetime.context_timestamp(self, latest).date()
            partner.days_since_contact = (today - day).days if latest else False

    @api.model
    def _get_people_to_call(self, contacts):
        """
        :return: {id of a contact: (the contact, its company), as the system}, each of them none if
            the user may not see it; {False: none}
        """
        contacts = contacts.sudo()
        # with the companies of persons, whose number is the next best
        wanted = contacts | contacts.commercial_partner_id
        seen = self.with_context(active_test=False)
        seen = seen.search_fetch([("id", "in", wanted.ids)], ["phone"]).sudo()
        people = {
            contact.id: (contact & seen, contact.commercial_partner_id & seen)
            for contact in contacts
        }
        return {False: (contacts.browse(), contacts.browse()), **people}

    @api.depends("last_contact_date")
    @api.depends_context("lang", "tz")
    def _compute_last_contact_text(self):
        for partner in self:
            days = partner.days_since_contact
            if not partner.last_contact_date:
                text = self.env._("never")
            elif days == 0:
                text = self.env._("(today)")
            elif days == 1:
                text = self.env._("(yesterday)")
            else:
                text = self.env._("(%(days)s days ago)", days=days)
            partner.last_contact_text = text

    @readers_only("last_contact_date")
    def _search_last_contact_date(self, operator, value):
        log = self.env["bizuno.contact.log"].sudo()
        if operator not in ("in", "<", "<=", ">", ">="):
            return NotImplemented
        if operator == "in":
            if any(value):
                return NotImplemented
            return [("id", "not in", self._with_log_having(log, SQL("TRUE")))]
        compare = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}[operator]
        value = fields.Datetime.to_datetime(value)
        return [("id", "in", self._with_log_having(log, SQL("MAX(date) %s %s", compare, value)))]

    @api.model
    def _with_log_having(self, log, having):
        """:return: a query of the ids of the contacts whose entries fulfil a condition"""
        log.flush_model(["company_id", "date", "partner_id", "commercial_partner_id"])
        return SQL(
            """(
            SELECT contact FROM (
                SELECT partner_id AS contact, date, company_id FROM bizuno_contact_log
                UNION ALL
                SELECT commercial_partner_id, date, company_id FROM bizuno_contact_log
                 WHERE commercial_partner_id <> partner_id
            ) entries
            WHERE company_id = ANY(%s)
            GROUP BY contact HAVING %s
            )""",
            self.env.companies.ids,
            having,
        )

    def action_log(self):
        """Open the wizard that logs an action for this contact.

        :return: the action of the wizard
        """
        self.ensure_one()
        return self.env["bizuno.log.action"]._action_open({"default_partner_id": self.id})

    def action_view_contact_log(self):
        """:return: the action that lists the contact's log, its own contacts' entries included,
        but not those of companies below it, which have a log of their own"""
        self.ensure_one()
        # what `_compute_contact_log` counts
        domain = ["|", ("partner_id", "=", self.id), ("commercial_partner_id", "=", self.id)]
        return self._open_of_contact("bizuno_crm.bizuno_contact_log_action_contact", domain)

    def log_contact_action(self, code, notes, date=None):
        """Write an entry into the contact log of each contact.

        :param str code: the code of an active action code, for example "ret"
        :param str notes: what was said
        :param date: when, as a UTC datetime (or its text); now if empty, and never later than now
        :return: the entries
        :raise UserError: for an unknown code, or a date that is none or yet to come
        :raise AccessError: without the right to log
        """
        wanted = str(code or "").strip().lower()
        codes = self.env["bizuno.action.code"].search([("code", "=ilike", wanted)])
        # wanted may hold wildcards of SQL
        action = codes.filtered(lambda candidate: candidate.code.lower() == wanted)
        if not action:
            raise UserError(messages.action_code_unknown(self.env, code))
        try:
            when = {"date": fields.Datetime.to_datetime(date)} if date else {}
        except (TypeError, ValueError) as problem:
            raise UserError(messages.date_not_understood(self.env, date)) from problem
        return self.env["bizuno.contact.log"].create(
            [
                {"partner_id": partner.id, "action_id": action.id, "notes": notes, **when}
                for partner in self
            ]
        )

    def action_new_reminder(self):
        """:return: the action with a new reminder about this contact, once or recurring"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Reminder"),
            "res_model": "bizuno.reminder",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_name": self.env._("Follow up: %(name)s", name=self.display_name),
            },
        }

    def action_view_reminders(self):
        """:return: the action that lists the reminders of the contact, of all its own contacts and
        of their projects, everybody's"""
        self.ensure_one()
        return self._open_of_contact(
            "bizuno_crm.bizuno_reminder_action_contact", self._reminders_domain()
        )

    def _reminders_domain(self):
        """:return: of the contact, of all its own contacts and of their projects"""
        return [
            "|",
            ("partner_id", "child_of", self.id),
            ("project_id.partner_id", "child_of", self.id),
        ]

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_project_count(self):
        """Of a contact and all its own contacts, as the list behind the figure shows them."""
        self.project_count = 0
        if not self.ids:
            return
        # `child_of` would ask for the contacts level by level first.
        self.flush_model(["parent_id"])
        family = SQL(
            """(
                WITH RECURSIVE family AS (
                    SELECT unnest(%s::integer[]) AS id
                     UNION
                    SELECT child.id
                      FROM res_partner child JOIN family ON family.id = child.parent_id
                )
                SELECT id FROM family
            )""",
            self.ids,
        )
        counts = self.env["bizuno.project"]._read_group(
            [("partner_id", "in", family)], ["partner_id"], ["__count"]
        )
        wanted = set(self._ids)
        for partner, count in counts:
            while partner:
                if partner.id in wanted:
                    partner.project_count += count
                partner = partner.parent_id

    def action_view_projects(self):
        """:return: the action that lists the contact's projects, its own contacts' included"""
        self.ensure_one()
        domain = [("partner_id", "child_of", self.id)]
        return self._open_of_contact("bizuno_crm.bizuno_project_action_contact", domain)
