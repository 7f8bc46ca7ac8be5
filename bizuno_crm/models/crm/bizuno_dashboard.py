from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...logic.phone import number_to_call

# How many rows a card shows; behind each stands a list with all of them.
ROWS = 8
# Counted up to here in the same query; past it a card says "100+".
MOST = 100


class Figures(NamedTuple):
    """How many projects, and what they are worth."""

    count: int = 0
    value: float = 0.0
    weighted: float = 0.0

    def plus(self, other):
        return Figures(*(mine + more for mine, more in zip(self, other, strict=True)))


class BizunoDashboard(models.AbstractModel):
    """The first page of the app: what a rep's day looks like, in one call."""

    _name = "bizuno.dashboard"
    _description = "Bizuno CRM Dashboard"
    _inherit = [
        "bizuno.dashboard.credit.mixin",
        "bizuno.dashboard.sales.mixin",
        "bizuno.dashboard.setup.mixin",
    ]

    @api.model
    @api.readonly
    def get_data(self):
        """Collect the cards that the user may see.

        Every card is a fixed number of queries, whatever the size of the database; a card the user
        has no right to is absent.

        :return: {"today", "company", "start_page" (whether this page is the user's first one)} and
            {"reminders", "pipeline", "receivables", "customers", "log", "on_hold", "sales"}, each
            a dict or absent, and "setup", True or absent. What is counted in one company alone has
            a "domain" that says so, for the list behind it; "company" is its name, False for who
            works in no other
        """
        records_by_card = {
            "reminders": self._find_reminders(),
            "customers": self._find_new_customers(),
            "log": self._find_log(),
        }
        self._fetch_names(records_by_card)
        cards = {
            "reminders": self._get_reminders(records_by_card["reminders"]),
            "pipeline": self._get_pipeline(),
            "receivables": self._get_receivables(),
            "customers": self._get_new_customers(records_by_card["customers"]),
            "log": self._get_log(records_by_card["log"]),
            "on_hold": self._get_on_hold(),
            "sales": self._get_sales(),
            "setup": self._has_setup_steps(),
        }
        return {
            "today": format_date(self.env, fields.Date.context_today(self), date_format="full"),
            "company": len(self.env.companies) > 1 and self.env.company.sudo().name,
            "start_page": self._is_start_page(),
            **{name: card for name, card in cards.items() if card is not None},
        }

    @api.model
    def _fetch_names(self, records_by_card):
        """Read at once the names of all contacts that the cards show."""
        reminders, log = records_by_card["reminders"].sudo(), records_by_card["log"].sudo()
        partners = reminders.partner_id + reminders.project_id.partner_id + log.partner_id
        partners += log.user_id.partner_id
        # the name of lists, which is stored: a display name would need more of each contact
        partners.fetch(["complete_name", "name", "commercial_partner_id"])

    @api.model
    def _name_of(self, record):
        return (
            record.complete_name if record._name == "res.partner" else record.display_name
        ) or ""

    # ------------------------------------------------------------------
    # reminders
    # ------------------------------------------------------------------

    @api.model
    def _find_reminders(self):
        """:return: the user's reminders that are due or come within a week, the oldest first"""
        reminders = self.env["bizuno.reminder"]
        if not reminders.has_access("read"):
            return reminders
        week = fields.Date.context_today(self) + timedelta(days=7)
        return reminders.search_fetch(
            [("user_id", "=", self.env.uid), ("date_due", "<=", week)],
            ["name", "date_due", "partner_id", "project_id"],
            order="date_due, id",
            limit=MOST,
        )

    @api.model
    def _get_reminders(self, reminders):
        if not reminders.browse().has_access("read"):
            return None
        today = fields.Date.context_today(self)
        due = reminders.filtered(lambda reminder: reminder.date_due <= today)
        calls = self._get_calls(due[:ROWS])
        return {
            "count": len(due),
            "coming": len(reminders - due),
            "more": len(reminders) == MOST,
            "rows": [
                {
                    "id": reminder.id,
                    "name": reminder.name,
                    "about": self._name_of(reminder.sudo()._record()),
                    "customer": self._name_of(reminder.project_id.sudo().partner_id),
                    "date": format_date(self.env, reminder.date_due),
                    "date_due": fields.Date.to_string(reminder.date_due),
                    "days_late": (today - reminder.date_due).days,
                    "can_log": bool(reminder.sudo()._record_partner()),
                    **calls[reminder],
                }
                for reminder in due[:ROWS]
            ],
            "may_add": reminders.browse().has_access("create"),
        }

    @api.model
    def _get_calls(self, reminders):
        """What a rep needs for a call.

        :return: {reminder: {"phone": the number, "last": what was said last}}, both empty for a
            contact that the user may not see
        """
        people = self._get_people_to_call(reminders)
        said = self._get_last_said({company.id for _person, company in people.values() if company})
        return {
            reminder: {
                "phone": number_to_call(person.phone, company.phone),
                "last": said.get(company.id, ""),
            }
            for reminder, (person, company) in people.items()
        }

    @api.model
    def _get_people_to_call(self, reminders):
        """
        :return: {reminder: (its contact, the company of it), as the system}, each of them none if
            the user may not see it
        """
        partners = {record: record.sudo()._record_partner().sudo() for record in reminders}
        contacts = self.env["res.partner"]
        people = contacts._get_people_to_call(contacts.union(*partners.values()))
        return {reminder: people[partner.id] for reminder, partner in partners.items()}

    @api.model
    def _get_last_said(self, company_ids):
        """:return: {id of a company: the last entry of its log and of its contacts'}, in words"""
        log = self.env["bizuno.contact.log"]
        if not company_ids or not log.has_access("read"):
            return {}
        log.flush_model(["commercial_partner_id", "company_id", "date"])
        latest = SQL(
            "(SELECT DISTINCT ON (commercial_partner_id) id FROM bizuno_contact_log"
            " WHERE commercial_partner_id = ANY(%s) AND company_id = ANY(%s)"
            " ORDER BY commercial_partner_id, date DESC, id DESC)",
            list(company_ids),
            self.env.companies.ids,
        )
        entries = log.search_fetch(
            Domain("id", "in", latest), ["commercial_partner_id", "action_id", "notes", "date"]
        )
        return {
            entry.commercial_partner_id.id: self.env._(
                "%(date)s, %(action)s: %(notes)s",
                date=self._day_of(entry),
                action=entry.action_id.name,
                notes=entry.notes,
            )
            if entry.notes
            else self.env._(
                "%(date)s, %(action)s", date=self._day_of(entry), action=entry.action_id.name
            )
            for entry in entries
        }

    @api.model
    def _day_of(self, entry):
        """:return: the day of an entry of the log, as text, for the user"""
        return format_date(self.env, fields.Datetime.context_timestamp(self, entry.date).date())

    # ------------------------------------------------------------------
    # pipeline, receivables
    # ------------------------------------------------------------------

    @api.model
    def _get_pipeline(self):
        """:return: the user's open projects per stage, with their value in the user's company"""
        projects = self.env["bizuno.project"]
        if not projects.has_access("read"):
            return None
        company = self.env.company.sudo()
        domain = [
            ("is_closed", "=", False),
            ("company_id", "=", company.id),
            "|",
            ("user_id", "=", self.env.uid),
            ("working_user_id", "=", self.env.uid),
        ]
        month = fields.Date.context_today(self).replace(day=1)
        stage_figures, closing = defaultdict(Figures), Figures()
        for stage, expected, *values in projects._read_group(
            domain,
            ["stage_id", "date_expected:month"],
            ["__count", "expected_revenue:sum", "weighted_revenue:sum"],
        ):
            stage_figures[stage.id] = stage_figures[stage.id].plus(values)
            if expected == month:
                closing = closing.plus(values)
        rounded = company.currency_id.round
        stages = self.env["bizuno.project.stage"].search_fetch(
            [("is_closed", "=", False)], ["name"]
        )
        everything = Figures()
        for values in stage_figures.values():
            everything = everything.plus(values)
        return {
            "rows": [
                {
                    "id": stage.id,
                    "name": stage.name,
                    "count": stage_figures[stage.id].count,
                    "value": rounded(stage_figures[stage.id].value),
                }
                for stage in stages
            ],
            "count": everything.count,
            "value": rounded(everything.value),
            "weighted": rounded(everything.weighted),
            "closing": {
                "count": closing.count,
                "value": rounded(closing.value),
            },
            "currency_id": company.currency_id.id,
            "domain": domain,
            "may_add": projects.has_access("create"),
        }

    @api.model
    def _get_receivables(self):
        """:return: the aged receivables of the user's company, for those who may see them"""
        data = self.env["bizuno.aged.receivable"]._get_dashboard_data()
        return data if data.get("visible") else None

    # ------------------------------------------------------------------
    # customers, log
    # ------------------------------------------------------------------

    @api.model
    def _new_customers_domain(self):
        """:return: the customers whose first sale to the user's company is of this month: neither
        those that were imported, nor those who have not bought yet"""
        first = fields.Date.context_today(self).replace(day=1)
        return [
            ("role_customer", "=", True),
            ("date_first_sale", ">=", fields.Date.to_string(first)),
            # ship-to addresses are no customers
            *self.env["res.partner"]._get_own_account_domain(),
        ]

    @api.model
    def _find_new_customers(self):
        partners = self.env["res.partner"]
        if not partners._may_see_first_sale():
            return partners
        customers = partners.search_fetch(
            self._new_customers_domain(), ["complete_name", "ref"], order="id desc", limit=MOST
        )
        return customers.sorted("date_first_sale", reverse=True)

    @api.model
    def _get_new_customers(self, customers):
        if not customers._may_see_first_sale():
            return None
        return {
            "count": len(customers),
            "more": len(customers) == MOST,
            "domain": self._new_customers_domain(),
            "rows": [
                {"id": partner.id, "name": self._name_of(partner), "ref": partner.ref or ""}
                for partner in customers[:ROWS]
            ],
        }

    @api.model
    def _find_log(self):
        """:return: the latest entries of the contact log that the user may see"""
        log = self.env["bizuno.contact.log"]
        if not log.has_access("read"):
            return log
        names = ["partner_id", "action_id", "user_id", "notes", "date"]
        # What somebody here did: not that a recipient followed the link to unsubscribe.
        return log.search_fetch([("user_id.share", "=", False)], names, limit=ROWS)

    @api.model
    def _get_log(self, entries):
        if not entries.browse().has_access("read"):
            return None
        return {
            "rows": [
                {
                    "id": entry.id,
                    "partner_id": entry.partner_id.id,
                    "contact": self._name_of(entry.partner_id.sudo()),
                    "action": entry.action_id.name,
                    "user": entry.user_id.sudo().name,
                    "notes": entry.notes or "",
                    "date": self._day_of(entry),
                }
                for entry in entries
            ],
            "may_add": entries.browse().has_access("create"),
        }
