"""Brings a company that was read from Bizuno into Odoo: each kind of record is one step."""

import re
from collections import Counter
from datetime import UTC

import pytz
from babel.core import get_global
from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger, plaintext2html
from psycopg2 import IntegrityError

from ...logic import contact_id
from ...logic import terms as terms_codec
from ...logic.bizuno_dump.problems import Problem

#: In the order in which they are brought over; a record comes after those that it names.
STEPS = (
    "contacts",
    "addresses",
    "documents",
    "action_codes",
    "log",
    "projects",
    "reminders",
    "promotions",
)
COUNTS = ("read", "created", "updated", "unchanged", "skipped")
#: The problems for which a row does not come over at all.
LEFT_OUT = {"document_of_nobody", "insert_unknown", "json_wrong", "log_future", "no_date", "orphan",
            "refused", "row_length", "row_twice", "row_unreadable", "user_unmapped"}  # fmt: skip
#: The namespace of the external ids.
NAMESPACE = "__bizuno__"
_BATCH = 500
#: Whom the further e-mails of a contact are for.
_OFFICES = ("Accounts Receivable", "Purchasing", "Accounts Payable")
_KINDS = {"billing": "invoice", "delivery": "delivery", "person": "contact"}
_ROLE_FIELDS = ("customer", "vendor", "employee", "branch", "lead")
_MARKUP = re.compile(r"<(?:/?[a-z][a-z0-9]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
# The code of a call that has none in Bizuno.
_NO_ACTION = "bizuno"


class Importer:
    """One run.

    :param env: of an administrator, as superuser
    :param run: `bizuno.import.run`, to whose company everything is brought
    :param company: `logic.bizuno_dump.company.Company`
    :param documents: callable that gives, for the importer, what brings the open documents over;
        None leaves them
    :param dict users: {user of Bizuno: id of a `res.users`}, of those who are somebody here
    """

    def __init__(self, env, run, company, users, documents=None):
        self.env, self.run, self.company, self.users = env, run, company, users
        self.problems = []
        self.counts = {step: Counter() for step in STEPS}
        self.partners = {}
        self.documents = documents and documents(self)
        #: Nothing is written: the rows are only counted, or what they have become is found again.
        self.counting = self.recalling = False
        #: Function of the step and how many of its rows are dealt with; it may stop the run.
        self.on_progress = None

    def bring_over(self, step):
        """Do one step, after those before it.

        :return: ({step: {count: number}}, list of Problem)
        """
        # Each time anew: it may be done again, after it was taken back.
        self.counts, self.problems = {name: Counter() for name in STEPS}, []
        getattr(self, f"_bring_{step}")()
        return {name: dict(count) for name, count in self.counts.items() if count}, self.problems

    def recall(self, step):
        """Find again what a step has made that was done before; nothing is written."""
        self.recalling = True
        try:
            self.bring_over(step)
        finally:
            self.recalling = False

    def count(self):
        """:return: {step: how many rows it will read}; nothing is brought over"""
        self.counting, read = True, Counter()
        try:
            for step in STEPS:
                for name, count in self.bring_over(step)[0].items():
                    read[name] += count.get("read", 0)
        finally:
            self.counting = False
        return {step: read[step] for step in STEPS}

    def _choice(self, kind, code):
        """:return: id of what was chosen for something of Bizuno's, or False; the kinds are those
        of `logic.bizuno_dump.choices`"""
        return self.run._get_choice(kind, code)

    def tell(self, step):
        """Tell how far a step is."""
        if self.on_progress:
            count = self.counts[step]
            self.on_progress(step, count.total() - count["read"])

    def _bring_documents(self):
        if self.documents:
            self.documents.bring_over()

    # steps
    def _bring_contacts(self):
        people = [one for one in self.company.contacts.values() if one.owner]
        accounts = [one for one in self.company.contacts.values() if not one.owner]
        taken, items, without = set(), [], []
        for contact in accounts:
            if contact.roles == ("user",):
                # A login: it is chosen for it who it is here.
                self._skip("contacts")
                continue
            key = contact_id.key(contact.contact_id)
            free = key and key not in taken
            taken.add(key)
            vals = self._contact_vals(contact)
            if free:
                items.append((f"contacts.{contact.id}", {**vals, "ref": contact.contact_id}))
            else:
                # After the others, so that it gets a number that none of them has.
                without.append((f"contacts.{contact.id}", vals))
        partners = self.env["res.partner"]
        found = self._find_by_contact_id(items)
        saved = self.save("contacts", partners, items, found) | self.save(
            "contacts", partners, without
        )
        for contact in accounts:
            if id_ := saved.get(f"contacts.{contact.id}"):
                self.partners[contact.id] = id_
        items = []
        for contact in people:
            vals = self._contact_vals(contact) | {"ref": contact.contact_id or False}
            owner = self.partners.get(contact.owner)
            vals |= {"parent_id": owner, "type": "contact", "role_lead": False} if owner else {}
            items.append((f"contacts.{contact.id}", vals))
        saved = self.save("contacts", partners, items)
        for contact in people:
            if id_ := saved.get(f"contacts.{contact.id}"):
                self.partners[contact.id] = id_

    def _bring_addresses(self):
        items = []
        for contact in self.company.contacts.values():
            if contact.id in self.partners and not contact.owner:
                items += self._people_of(contact)
        table = "address_book" if self.company.layout == "6" else "contacts_meta"
        for address in self.company.addresses:
            if parent := self.partners.get(address.contact):
                vals = self._address_vals(address) | {
                    "parent_id": parent,
                    "type": _KINDS[address.kind],
                    "function": address.title or False,
                    "comment": _as_html(address.notes),
                }
                items.append((f"{table}.{address.id}", vals))
            else:
                self._skip("addresses")
        self.save("addresses", self.env["res.partner"], items)

    def _bring_action_codes(self):
        known = self._codes("bizuno.action.code")
        wanted = {one.action or _NO_ACTION for one in self.company.log} | {*self.company.actions}
        labels = {_NO_ACTION: "From Bizuno, without an action"}
        items, found = [], {}
        for code in sorted(wanted):
            if code in self.company.actions or code == _NO_ACTION or code in known:
                if id_ := known.get(code):
                    # The standard ones are here already, with their names.
                    found[f"action.{code}"] = id_
                    self.counts["action_codes"].update(read=1, unchanged=1)
                    continue
            else:
                self._problem("contacts_log", "", "action", code, "action_unknown")
            label = labels.get(code) or str(self.company.actions.get(code) or code)
            items.append((f"action.{code}", {"code": code, "name": label}))
        saved = self.save("action_codes", self.env["bizuno.action.code"], items)
        self.actions = {key.removeprefix("action."): id_ for key, id_ in (found | saved).items()}

    def _bring_log(self):
        items = []
        now = fields.Datetime.now()
        for entry in self.company.log:
            moment = entry.date and self._in_utc(entry.date)
            partner = self.partners.get(entry.contact)
            if not partner or not moment or moment > now:
                if partner:
                    code = "log_future" if moment else "no_date"
                    self._problem("contacts_log", entry.id, "log_date", str(moment or ""), code)
                self._skip("log")
                continue
            notes, user = entry.notes, self.users.get(entry.author)
            if entry.author and not user:
                author = self.company.users.get(entry.author)
                notes = f"{notes}\n({author.name if author else entry.author})".strip()
            vals = {
                "partner_id": partner,
                "date": fields.Datetime.to_string(moment),
                "date_entered": fields.Datetime.to_string(moment),
                "action_id": self.actions[entry.action or _NO_ACTION],
                "user_id": user or self.env.uid,
                "notes": notes or False,
                "company_id": self.run.company_id.id,
            }
            items.append((f"contacts_log.{entry.id}", vals))
        self.save("log", self.env["bizuno.contact.log"], items)

    def _bring_projects(self):
        stages, markets = self._codes("bizuno.project.stage"), self._codes("bizuno.market")
        model, items = self.env["bizuno.project"], []
        mine = {f"project.{one.id}" for one in self.company.projects}
        mine = {record.res_id for record in self.known([*mine]).values()}
        taken = model.with_context(active_test=False).search_fetch(
            [("company_id", "=", self.run.company_id.id), ("id", "not in", [*mine])], ["number"]
        )
        numbers = {*taken.mapped("number")}
        for one in self.company.projects:
            table, id_ = one.id.split(".")
            if one.stage not in stages:
                self._problem(table, id_, "status", one.stage, "stage_unknown")
            if one.market and one.market not in markets:
                self._problem(table, id_, "market", one.market, "market_unknown")
            elif one.ambiguous:
                self._problem(table, id_, "market", one.market, "market_cut")
            vals = {
                "name": one.title or one.number or id_,
                "partner_id": self.partners.get(one.contact, False),
                "oem_id": self.partners.get(one.oem, False),
                "market_id": markets.get(one.market, False),
                "stage_id": stages.get(one.stage) or model._default_stage_id().id,
                "user_id": self.users.get(one.assigned_to, False),
                "date_assigned": as_text(one.assigned),
                "working_user_id": self.users.get(one.working_by, False),
                "notes": _as_html(one.notes),
                # Odoo asks why a project came to nothing; Bizuno does not.
                "close_reason": "Bizuno" if one.stage == "z" else False,
                "company_id": self.run.company_id.id,
            }
            if one.number and one.number not in numbers:
                vals["number"] = one.number
                numbers.add(one.number)
            elif one.number:
                self._problem(table, id_, "number", one.number, "number_taken")
            items.append((f"project.{one.id}", vals))
        saved = self.save("projects", model, items)
        self.projects = {key.removeprefix("project."): id_ for key, id_ in saved.items()}

    def _bring_reminders(self):
        items = []
        for one in self.company.reminders:
            table, id_ = one.id.split(".", 1)
            day = one.next or one.start
            user = self.users.get(one.user)
            if not user or not day:
                code = "no_date" if user else "user_unmapped"
                self._problem(table, id_, "user_id" if day else "dateNext", one.user, code)
                self._skip("reminders")
                continue
            vals = {
                "name": one.title or id_,
                "user_id": user,
                "recurrence": one.rhythm,
                "date_start": as_text(one.start or day),
                "date_next": as_text(day),
                "company_id": self.run.company_id.id,
            }
            items.append((f"reminder.{one.id}", vals))
        today = fields.Date.context_today(self.run)
        for one in self.company.projects:
            # A reminder of a project is a day; one that is past was met in Bizuno or never.
            if one.reminder and one.reminder >= today and one.id in self.projects:
                vals = {
                    "name": one.title or one.number,
                    "user_id": self.users.get(one.assigned_to, self.env.uid),
                    "recurrence": "z",
                    "date_start": as_text(one.reminder),
                    "date_next": as_text(one.reminder),
                    "project_id": self.projects[one.id],
                    "company_id": self.run.company_id.id,
                }
                items.append((f"reminder.project.{one.id}", vals))
        self.save("reminders", self.env["bizuno.reminder"], items)

    def _bring_promotions(self):
        items = []
        for one in self.company.promotions:
            table, id_ = one.id.split(".")
            start = one.start or min(one.sent, default=None) or self.run.date.date()
            end = max(one.end or start, start)
            if not one.start or not one.end or one.end < one.start:
                self._problem(table, id_, "end_date", str(one.end or ""), "promotion_dates")
            vals = {
                "name": one.title or id_,
                "date_start": as_text(start),
                "date_end": as_text(end),
                "subject": one.subject or False,
                "body_html": _as_html(one.body),
                # It was sent from Bizuno, or is to be looked through before it is.
                "active": not one.sent,
                "company_id": self.run.company_id.id,
            }
            items.append((f"promotion.{one.id}", vals))
            if one.sent:
                days = ", ".join(str(day) for day in one.sent)
                self._problem(table, id_, "send_date", days, "promotion_sent")
        self.save("promotions", self.env["bizuno.promo"], items)

    # values
    def _contact_vals(self, contact):
        address = contact.address
        person = " ".join(filter(None, (address.first, address.last)))
        is_company = bool(address.name) and address.name != person
        lines = [contact.account_number and f"Account number: {contact.account_number}"]
        notes = (_as_html(contact.notes) or "") + "".join(
            plaintext2html(line) for line in lines if line
        )
        vals = self._address_vals(address) | {
            "name": _clean(contact.name),
            "is_company": is_company,
            "account_status": contact.status,
            "newsletter": contact.newsletter,
            "marketplace": contact.marketplace,
            "tax_exempt": contact.tax_exempt,
            "website": _clean(address.website),
            "vat": _clean(contact.gov_id),
            "comment": notes or False,
            "function": False if is_company else _clean(address.title),
            "user_id": self.users.get(contact.rep, False),
        }
        vals |= {f"role_{role}": role in contact.roles for role in _ROLE_FIELDS}
        if contact.terms and "customer" in contact.roles:
            vals["bizuno_terms"] = contact.terms
        if contact.terms and "vendor" in contact.roles:
            wanted = terms_codec.parse(contact.terms)
            term = self.env["account.payment.term"]._get_for_bizuno(wanted)
            vals["property_supplier_payment_term_id"] = term.id
        return vals

    def _address_vals(self, address):
        country = self._country(address)
        name = address.name or " ".join(filter(None, (address.first, address.last)))
        return {
            "name": _clean(name or address.attention),
            "street": _clean(address.street),
            "street2": _clean(address.street2),
            "city": _clean(address.city),
            "zip": _clean(address.zip),
            "state_id": self._state(country, address.state),
            "country_id": country,
            "email": _clean(address.emails[0]),
            "phone": _clean(address.phones[0]),
        }

    def _people_of(self, contact):
        """The people, e-mails and telephones of an account that Odoo keeps in contacts of it."""
        address, parent = contact.address, self.partners[contact.id]
        people = {}
        if address.name:
            person = " ".join(filter(None, (address.first, address.last)))
            if person and person != address.name:
                people["person"] = {"name": person, "function": address.title or False}
        if address.attention and address.attention != contact.name:
            people["attention"] = {"name": address.attention}
        for number, email in enumerate(address.emails[1:], 2):
            if email:
                people[f"email{number}"] = {"name": _OFFICES[number - 2], "email": email}
        for number, phone in enumerate(address.phones[1:], 2):
            if phone:
                people[f"telephone{number}"] = {"name": f"Telephone {number}", "phone": phone}
        for part, vals in people.items():
            vals = {name: _clean(value) for name, value in vals.items()}
            yield f"contacts.{contact.id}.{part}", {**vals, "parent_id": parent, "type": "contact"}

    def _country(self, address):
        if not address.country:
            return False
        if not hasattr(self, "countries"):
            self.countries = self._codes("res.country")
            self.aliases = get_global("territory_aliases")
        code = (self.aliases.get(address.country.upper()) or [address.country.upper()])[0]
        if code not in self.countries:
            self._problem(
                "contacts", address.contact, "country", address.country, "country_unknown"
            )
        return self.countries.get(code, False)

    def _state(self, country, text):
        if not country or not text:
            return False
        if not hasattr(self, "states"):
            self.states = {}
            for state in self.env["res.country.state"].search_fetch([], ["code", "name"]):
                for word in (state.name, state.code):
                    self.states[state.country_id.id, word.lower()] = state.id
        return self.states.get((country, text.lower()), False)

    def _codes(self, model):
        found = self.env[model].with_context(active_test=False).search_fetch([], ["code"])
        return {one.code: one.id for one in found if one.code}

    def _in_utc(self, moment):
        zones = (self.company.timezone, self.run.company_id.partner_id.tz, "UTC")
        zone = pytz.timezone(next(one for one in zones if one in pytz.all_timezones_set))
        return zone.localize(moment).astimezone(UTC).replace(tzinfo=None)

    def _find_by_contact_id(self, items):
        """:return: {key: id} of the contacts that are here with the same Contact ID"""
        ids = {contact_id.key(vals["ref"]): key for key, vals in items}
        found = self.env["res.partner"]._find_contacts_to_update({*ids})
        return {ids[text]: id_ for text, id_ in found.items()}

    # writing
    def save(self, step, model, items, found=None):
        """Create, update or leave the records of rows.

        :param list items: (key of the row, values as JSON has them)
        :param dict found: {key: id} of records that are here without having been brought over
        :return: {key: id}
        """
        model = model.with_context(
            active_test=False, tracking_disable=True, mail_create_nosubscribe=True,
            bizuno_import=self,
        )  # fmt: skip
        if self.counting:
            self.counts[step]["read"] += len(items)
            return {key: -number for number, (key, _vals) in enumerate(items, 1)}
        known = self.known([key for key, _vals in items])
        if self.recalling:
            return {key: record.res_id for key, record in known.items()}
        saved, fresh = {}, []
        for number, (key, vals) in enumerate(items):
            if number % _BATCH == 0:
                self.tell(step)
            self.counts[step]["read"] += 1
            if key in known:
                saved[key] = self._update(step, model, known[key], vals)
            elif found and key in found:
                saved[key] = self._adopt(step, model.browse(found[key]), key, vals)
            else:
                fresh.append((key, vals))
        for begin in range(0, len(fresh), _BATCH):
            saved |= self._create(step, model, fresh[begin : begin + _BATCH])
            self.tell(step)
        return {key: id_ for key, id_ in saved.items() if id_}

    def known(self, keys):
        """:return: {key: what is known of the row}, of those that have come over before"""
        records = self.env["bizuno.import.record"].search(
            [("company_id", "=", self.run.company_id.id), ("key", "in", keys)]
        )
        return {record.key: record for record in records}

    def _update(self, step, model, known, vals):
        record = model.browse(known.res_id).exists()
        if not record:
            self.problem_of(known.key, "", "", "gone")
            self._skip(step, read=False)
            return None
        new = {
            name: value
            for name, value in vals.items()
            if name not in known.given or known.given[name] != value
        }
        if not new:
            self.counts[step]["unchanged"] += 1
            return record.id
        for name in [*new]:
            if name in known.written and plain(record, name) != known.written[name]:
                self.problem_of(known.key, name, str(new.pop(name)), "changed_here")
        if new and not self.attempt(known.key, lambda: record.write(new)):
            self._skip(step, read=False)
            return record.id
        known.given, known.written = (
            vals,
            self._written(record, vals)
            | {
                name: known.written[name]
                for name in vals
                if name not in new and name in known.written
            },
        )
        self.counts[step]["updated" if new else "unchanged"] += 1
        return record.id

    def _adopt(self, step, record, key, vals):
        """A contact that was here before: what it lacks is filled in."""
        new, mine = {}, {}
        for name, value in vals.items():
            here = plain(record, name)
            if value and not here:
                new[name] = value
            elif here and here != value:
                # Equal to nothing that can stand in a field: so it stays a user's.
                mine[name] = [here]
                if value:
                    self.problem_of(key, name, str(value), "other_here")
        if new and not self.attempt(key, lambda: record.write(new)):
            self._skip(step, read=False)
            return record.id
        self.remember([(key, record, vals, self._written(record, vals) | mine)], was_created=False)
        self.counts[step]["updated" if new else "unchanged"] += 1
        return record.id

    def _create(self, step, model, items):
        made = []
        vals_list = [vals for _key, vals in items]
        if not self.attempt(None, lambda: made.extend(model.create(vals_list))):
            # One of them is refused: which one, and why?
            made = []
            for key, vals in items:
                one = []
                self.attempt(key, lambda vals=vals, one=one: one.extend(model.create([vals])))
                made.append(one[0] if one else model)
        rows = [
            (key, record, vals, None)
            for (key, vals), record in zip(items, made, strict=True)
            if record
        ]
        self.remember(rows, was_created=True)
        self.counts[step]["created"] += len(rows)
        self.counts[step]["skipped"] += len(items) - len(rows)
        return {key: record.id for key, record, _vals, _written in rows}

    def attempt(self, key, action):
        """:return: whether it went well; else nothing of it is done, and told with its row"""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                action()
                self.env.flush_all()
        except (UserError, ValidationError, IntegrityError) as error:
            if key:
                text = str(error.args[0] if error.args else error).strip().splitlines()
                self.problem_of(key, "", text[0] if text else "", "refused")
            return False
        return True

    def remember(self, rows, was_created):
        """Keep what rows have become.

        :param rows: [(key, record, values given, values that stand in the record now, or None for
            the fields of those given)]
        """
        self.env["bizuno.import.record"].create(
            [
                {
                    "key": key,
                    "res_model": record._name,
                    "res_id": record.id,
                    "run_id": self.run.id,
                    "company_id": self.run.company_id.id,
                    "was_created": was_created,
                    "given": vals,
                    "written": written or self._written(record, vals),
                }
                for key, record, vals, written in rows
            ]
        )
        company = self.run.company_id.id
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{NAMESPACE}.c{company}_{re.sub(r'[^a-zA-Z0-9_]', '_', key)}",
                    "record": record,
                    "noupdate": True,
                }
                for key, record, _vals, _written in rows
            ]
        )

    def _written(self, record, vals):
        return {name: plain(record, name) for name in vals}

    # what is told
    def _skip(self, step, read=True):
        self.counts[step].update(read=int(read), skipped=1)

    def _problem(self, table, row, field, value, code):
        self.problems.append(Problem(table, str(row), field, str(value)[:200], code))

    def problem_of(self, key, field, value, code):
        """Tell that something is wrong with a row."""
        table, _dot, row = key.partition(".")
        self._problem(table, row, field, value, code)


def plain(record, name):
    """The value of a field as JSON has it."""
    field, value = record._fields[name], record[name]
    if field.type == "many2one":
        return value.id
    if field.type in ("date", "datetime"):
        return as_text(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def as_text(day):
    return str(day) if day else False


def _clean(text):
    """One line of text, as a field of Odoo holds it; False for none."""
    return " ".join(str(text or "").replace("\0", "").split()) or False


def _as_html(text):
    """Notes, which are plain text or markup, as markup; False for none."""
    text = (text or "").replace("\0", "")
    if not text.strip():
        return False
    return text if _MARKUP.search(text) else str(plaintext2html(text))
