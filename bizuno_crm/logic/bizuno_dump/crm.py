"""The rows of calls, projects, reminders and promotions.

>>> "w" in RHYTHMS, "x" in RHYTHMS
(True, False)
"""

import zlib

from .records import LogEntry, Project, Promotion, Reminder
from .values import as_author, as_reference, as_text

RHYTHMS = "dwbhmqy3z"


class CrmRows:
    """A part of the reader, for what hangs on contacts."""

    def _log(self, contacts, authors):
        entries, authors = [], authors or self._users_of_before()
        for row in self.rows.get("contacts_log", ()):
            if row["contact_id"] not in contacts:
                self._problem("contacts_log", row["id"], "contact_id", row["contact_id"], "orphan")
                continue
            entries.append(
                LogEntry(
                    row["id"],
                    row["contact_id"],
                    self._date("contacts_log", row, "log_date", moment=True),
                    self._author(row, contacts, authors),
                    as_text(row.get("action")),
                    as_text(row.get("notes")),
                )  # fmt: skip
            )
        return entries

    def _author(self, row, contacts, authors):
        """:return: who has entered a call: since 7.0 the contact of a user; what is older still
        names the number that the user had before"""
        number = as_reference(row.get("entered_by"))
        is_user = number in contacts and "user" in contacts[number].roles
        return number if is_user and self.layout == "7" else as_author(number, authors)

    def _users_of_before(self):
        """:return: {number of a user before Bizuno's upgrade to 7.0: contact id}, empty where there
        was none"""
        return {
            str(number).removeprefix("r"): contact
            for number, contact in self._options("_ADMIN_ID_MAP").items()
        }

    def _projects(self, contacts, meta, authors):
        rows = [
            (row | {"number": row.get("proj_num"), "notes": row.get("working_notes")},
             "crmProjects", False)
            for row in self.rows.get("crmProjects", ())
        ]  # fmt: skip
        users = self._users_of_before()
        for meta_row in meta.get("crm_project", ()):
            value = self._json(meta_row["table"], meta_row, meta_row["meta_value"])
            if not isinstance(value, dict):
                continue
            row = {name: as_text(cell) for name, cell in value.items()}
            row |= {"id": meta_row["id"], "number": row.get("ref_num")}
            common = meta_row["table"] == "common_meta"
            if not common:
                row["contact_id"] = meta_row["ref_id"]
                authors = users or authors
            rows.append((row, meta_row["table"], common))
        projects = []
        for row, table, cut in rows:
            contact = as_reference(row.get("contact_id"))
            if contact and contact not in contacts:
                self._problem(table, row["id"], "contact_id", contact, "reference_unknown")
            market = as_text(row.get("market"))
            who = {} if cut else authors
            projects.append(
                Project(
                    id=f"{table}.{row['id']}",
                    number=as_text(row["number"]),
                    title=as_text(row.get("title")),
                    contact=contact,
                    oem=as_reference(row.get("oem")),
                    market=market,
                    ambiguous=cut and market in ("c", "h", "i", "s", "t"),
                    stage=as_text(row.get("status")),
                    created=self._date(table, row, "created_date"),
                    created_by=as_author(row.get("created_by"), who),
                    assigned_to=as_author(row.get("assigned_to"), who),
                    assigned=self._date(table, row, "assigned_date"),
                    working_by=as_author(row.get("working_by"), who),
                    reminder=self._date(table, row, "reminder_date"),
                    notes=as_text(row.get("notes")),
                )  # fmt: skip
            )
        return projects

    def _reminders(self, meta, authors):
        rows = [
            (value, f"contacts_meta.{row['id']}", row["ref_id"])
            for row in meta.get("reminder", ())
            if isinstance(value := self._json("contacts_meta", row, row["meta_value"]), dict)
        ]
        for row in self.rows.get("users_profiles", ()):
            if row.get("dashboard_id") == "reminder":
                value = self._json("users_profiles", row, row.get("settings"))
                value = value if isinstance(value, dict) else {}
                user, id_ = as_author(row["user_id"], authors), f"users_profiles.{row['id']}"
                listed = value.get("source")
                for number, reminder in enumerate(listed if isinstance(listed, list) else ()):
                    if isinstance(reminder, dict):
                        rows.append((reminder, f"{id_}.{number}", user))
                rows += _due(value.get("current"), id_, user)
        for row in meta.get("reminder_list", ()):
            value = self._json("contacts_meta", row, row["meta_value"])
            rows += _due(value, f"contacts_meta.{row['id']}", row["ref_id"])
        reminders = []
        for value, id_, user in rows:
            table = id_.split(".")[0]
            row = {name: as_text(cell) for name, cell in value.items()} | {"id": id_}
            rhythm = row.get("recur", "")
            if rhythm not in RHYTHMS or len(rhythm) != 1:
                self._problem(table, id_, "recur", rhythm, "rhythm_unknown")
                rhythm = "z"
            reminders.append(
                Reminder(
                    id_,
                    user,
                    row.get("title", ""),
                    rhythm,
                    self._date(table, row, "dateStart"),
                    self._date(table, row, "dateNext"),
                )  # fmt: skip
            )
        return reminders

    def _promotions(self, meta):
        rows = list(self.rows.get("crmPromos", ()))
        table = "crmPromos" if rows else "common_meta"
        for meta_row in meta.get("crm_promotion", ()):
            value = self._json("common_meta", meta_row, meta_row["meta_value"])
            if isinstance(value, dict):
                rows.append(
                    {name: as_text(cell) for name, cell in value.items()} | {"id": meta_row["id"]}
                )
        sent, titles = {}, {as_text(row.get("title")) for row in rows}
        for row in self.rows.get("crmPromos_history", ()):
            if row.get("title") not in titles:
                self._problem("crmPromos_history", row["id"], "title", row.get("title"), "orphan")
            elif day := self._date("crmPromos_history", row, "send_date"):
                sent.setdefault(row["title"], []).append(day)
        return [
            Promotion(
                f"{table}.{row['id']}",
                as_text(row.get("title")),
                self._date(table, row, "start_date"),
                self._date(table, row, "end_date"),
                as_text(row.get("subject")),
                as_text(row.get("email_body")),
                tuple(sent.get(row.get("title"), ())),
            )  # fmt: skip
            for row in rows
        ]


def _due(listed, id_, user):
    """What a user has been reminded of and has not dismissed: once, on the day on which it was due.

    :param listed: list of {title, date}, as the row has it
    :return: [(row of a reminder, its id, user)]; the id is the same wherever in the list it stands
    """
    rows_by_id = {}
    for reminder in listed if isinstance(listed, list) else ():
        if isinstance(reminder, dict):
            title, day = as_text(reminder.get("title")), reminder.get("date")
            number = zlib.crc32(f"{day} {title}".encode())
            row = {"title": title, "recur": "z", "dateStart": day, "dateNext": day}
            rows_by_id[f"{id_}.due{number}"] = row
    return [(row, key, user) for key, row in rows_by_id.items()]
