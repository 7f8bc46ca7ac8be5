"""Calls, projects, reminders and promotions."""

from datetime import UTC, datetime, time

import pytz
from odoo import fields

from ... import messages
from .values import as_html, as_text

# The code of a call that has none in Bizuno.
_NO_ACTION = "bizuno"
# Of Bizuno's, that hold projects, reminders and promotions.
_TABLES = ("common_meta", "contacts_meta", "crmProjects", "crmPromos", "users_profiles")


class Crm:
    """The steps of the `Importer` for what hangs on contacts."""

    def _bring_action_codes(self):
        known = self._codes("bizuno.action.code")
        wanted = {entry.action or _NO_ACTION for entry in self.company.log} | {
            *self.company.actions
        }
        labels = {_NO_ACTION: messages.import_no_action(self.words)}
        items, existing = [], {}
        for code in sorted(wanted):
            if code in self.company.actions or code == _NO_ACTION or code in known:
                if id_ := known.get(code):
                    # The standard ones are here already, with their names.
                    existing[f"action.{code}"] = id_
                    self.counts["action_codes"].update(read=1, unchanged=1)
                    continue
            else:
                self._problem("contacts_log", "", "action", code, "action_unknown")
            label = labels.get(code) or str(self.company.actions.get(code) or code)
            items.append((f"action.{code}", {"code": code, "name": label}))
        saved = self.save("action_codes", self.env["bizuno.action.code"], items)
        self.actions = {key.removeprefix("action."): id_ for key, id_ in (existing | saved).items()}

    def _bring_log(self):
        items, once = [], {}
        now = fields.Datetime.now()
        for entry in self.company.log:
            moment = entry.date and self._in_utc(entry.date)
            partner = self.partners.get(entry.contact)
            if not partner or not moment or moment > now:
                if partner:
                    code = "log_future" if moment else "no_date"
                    self._problem("contacts_log", entry.id, "log_date", str(moment or ""), code)
                else:
                    self._problem(
                        "contacts_log", entry.id, "contact_id", entry.contact, "contact_left"
                    )
                self._skip("log")
                continue
            notes = entry.notes
            user = self.user_of("contacts_log", "entered_by", entry.author)
            if entry.author and not user:
                notes = f"{notes}\n({self.name_of(entry.author)})".strip()
            vals = {
                "partner_id": partner,
                "date": fields.Datetime.to_string(moment),
                "date_entered": fields.Datetime.to_string(moment),
                "action_id": self.actions[entry.action or _NO_ACTION],
                "notes": notes or False,
                "company_id": self.run.company_id.id,
            }
            key = f"contacts_log.{entry.id}"
            items.append((key, vals | _who(user)))
            if not user:
                once[key] = _who(self.env.uid)
        self.save("log", self.env["bizuno.contact.log"], items, once=once)
        keys = [f"contacts_log.{log_entry.id}" for log_entry in self.company.log]
        self.tell_gone("log", "bizuno.contact.log", keys, ("contacts_log",))

    def _bring_projects(self):
        stages, markets = self._codes("bizuno.project.stage"), self._codes("bizuno.market")
        model, items = self.env["bizuno.project"], []
        self._take_over_projects()
        mine = {f"project.{project.id}" for project in self.company.projects}
        mine = {record.res_id for record in self.known([*mine]).values()}
        taken = model.with_context(active_test=False).search_fetch(
            [("company_id", "=", self.run.company_id.id), ("id", "not in", [*mine])], ["number"]
        )
        numbers = {*taken.mapped("number")}
        for project in self.company.projects:
            table, id_ = project.id.split(".")
            if project.stage not in stages:
                self._problem(table, id_, "status", project.stage, "stage_unknown")
            if project.market and project.market not in markets:
                self._problem(table, id_, "market", project.market, "market_unknown")
            elif project.ambiguous:
                self._problem(table, id_, "market", project.market, "market_cut")
            vals = {
                "name": project.title or project.number or id_,
                "partner_id": self.partners.get(project.contact, False),
                "oem_id": self.partners.get(project.oem, False),
                "market_id": markets.get(project.market, False),
                "stage_id": stages.get(project.stage) or model._default_stage_id().id,
                "user_id": self.user_of("crm_project", "assigned_to", project.assigned_to),
                "date_assigned": as_text(project.assigned),
                "working_user_id": self.user_of("crm_project", "working_by", project.working_by),
                "notes": self._comment(project.notes, self._lines_of_project(project)),
                # Odoo asks why a project came to nothing; Bizuno does not.
                "close_reason": "Bizuno" if project.stage == "z" else False,
                "company_id": self.run.company_id.id,
            }
            if project.number and project.number not in numbers:
                vals["number"] = project.number
                numbers.add(project.number)
            elif project.number:
                self._problem(table, id_, "number", project.number, "number_taken")
            if project.contact and not vals["partner_id"]:
                # Whom it was about is gone there, and may be here.
                del vals["partner_id"]
            items.append((f"project.{project.id}", vals))
        saved = self.save("projects", model, items)
        self.projects = {key.removeprefix("project."): id_ for key, id_ in saved.items()}
        self.tell_gone("projects", model._name, [key for key, _vals in items], _TABLES)

    def _lines_of_project(self, project):
        """When it was made, and by whom: of Odoo's own record that is the run."""
        if project.created:
            who = self.name_of(project.created_by)
            return [messages.import_created(self.words, str(project.created), who)]
        return []

    def _bring_reminders(self):
        items, once = [], {}
        for reminder in self.company.reminders:
            table, id_ = reminder.id.split(".", 1)
            day = reminder.next or reminder.start
            user = self.users.get(reminder.user)
            if not user or not day:
                code = "no_date" if user else "user_unmapped"
                self._problem(table, id_, "user_id" if day else "dateNext", reminder.user, code)
                self._skip("reminders")
                continue
            vals = {
                "name": reminder.title or id_,
                "user_id": user,
                "recurrence": reminder.rhythm,
                "date_start": as_text(reminder.start or day),
                "date_next": as_text(day),
                "company_id": self.run.company_id.id,
            }
            items.append((f"reminder.{reminder.id}", vals))
        today = fields.Date.context_today(self.run)
        for project in self.company.projects:
            # A reminder of a project is a day; one that is past was met in Bizuno or never.
            if project.reminder and project.reminder >= today and project.id in self.projects:
                vals = {
                    "name": project.title or project.number,
                    "recurrence": "z",
                    "date_start": as_text(project.reminder),
                    "date_next": as_text(project.reminder),
                    "project_id": self.projects[project.id],
                    "company_id": self.run.company_id.id,
                }
                key, user = f"reminder.project.{project.id}", self.users.get(project.assigned_to)
                items.append((key, vals | _who(user)))
                if not user:
                    once[key] = _who(self.env.uid)
        self.save("reminders", self.env["bizuno.reminder"], items, once=once)
        keys = [f"reminder.{reminder.id}" for reminder in self.company.reminders]
        keys += [f"reminder.project.{project.id}" for project in self.company.projects]
        self.tell_gone("reminders", "bizuno.reminder", keys, _TABLES)

    def _bring_promotions(self):
        items, once = [], {}
        model = self.as_import(self.env["bizuno.promo"])
        sender = model.default_get(["email_from"]).get("email_from")
        self._take_over_promotions()
        known = self.known([f"promotion.{promotion.id}" for promotion in self.company.promotions])
        for promotion in self.company.promotions:
            table, id_ = promotion.id.split(".")
            if not sender and f"promotion.{promotion.id}" not in known:
                self._problem(table, id_, "email_from", promotion.title, "promotion_sender")
                self._skip("promotions")
                continue
            key, start = (
                f"promotion.{promotion.id}",
                promotion.start or min(promotion.sent, default=promotion.end),
            )
            if not promotion.start or not promotion.end or promotion.end < promotion.start:
                self._problem(table, id_, "end_date", str(promotion.end or ""), "promotion_dates")
            if start:
                dates = _dates(start, max(promotion.end or start, start))
            else:
                dates, once[key] = {}, _dates(self.run.date.date(), self.run.date.date())
            vals = dates | {
                "name": promotion.title or id_,
                "subject": promotion.subject or False,
                "body_html": as_html(promotion.body),
                "company_id": self.run.company_id.id,
            }
            if self.company.layout == "6":
                # It was sent from Bizuno, or is to be looked through before it is. From 7.0 on
                # nobody knows: the upgrade drops what was sent.
                vals["active"] = not promotion.sent
            items.append((key, vals))
            if promotion.sent:
                days = ", ".join(str(day) for day in promotion.sent)
                self._problem(table, id_, "send_date", days, "promotion_sent")
        promos = self.save("promotions", self.env["bizuno.promo"], items, once=once)
        keys = [f"promotion.{promotion.id}" for promotion in self.company.promotions]
        self.tell_gone("promotions", "bizuno.promo", keys, _TABLES)
        items, once = [], {}
        for promotion in self.company.promotions:
            if promo := promos.get(f"promotion.{promotion.id}"):
                for number, day in enumerate(promotion.sent, 1):
                    # Whom it went to, and who has sent it, Bizuno does not say.
                    vals = {
                        "promo_id": promo,
                        "date": fields.Datetime.to_string(
                            self._in_utc(datetime.combine(day, time(12)))
                        ),
                    }
                    key = f"promotion.{promotion.id}.{number}"
                    items.append((key, vals))
                    once[key] = _who(self.run.user_id.id)
        self.save("promotions", self.env["bizuno.promo.history"], items, once=once)

    def _in_utc(self, moment):
        zones = (self.company.timezone, self.run.company_id.partner_id.tz, "UTC")
        zone = pytz.timezone(
            next(zone_name for zone_name in zones if zone_name in pytz.all_timezones_set)
        )
        return zone.localize(moment).astimezone(UTC).replace(tzinfo=None)


def _who(user):
    return {"user_id": user} if user else {}


def _dates(start, end):
    return {"date_start": as_text(start), "date_end": as_text(end)}
