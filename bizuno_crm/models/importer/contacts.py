"""Contacts, and the people and addresses of each."""

import zlib
from contextlib import contextmanager

from babel.core import get_global
from odoo.tools import plaintext2html

from ... import messages
from ...logic import contact_id
from ...logic import terms as terms_codec
from ...logic.bizuno_dump.contacts import owner_of, terms_of
from .pieces import PieceEnded
from .values import as_html, clean, plain

_KINDS = {"billing": "invoice", "delivery": "delivery", "person": "contact", "ship": "delivery"}
_ROLE_FIELDS = ("customer", "vendor", "employee", "branch", "lead")
# Odoo gives them itself, to who is invoiced or sends a bill.
_ROLES_OF_DOCUMENTS = ("role_customer", "role_vendor")
_VENDOR_TERM = "property_supplier_payment_term_id"
# What a new customer without any gets from Odoo's settings.
_LEFT_TO_SETTINGS = ("bizuno_terms", "default_tax_id", "property_income_account_id",
                     "specific_property_product_pricelist")  # fmt: skip
_NET_30 = terms_codec.Terms()
# How the keys of addresses begin that were typed on orders.
_SHIP_TO = "journal_main.ship."


class Contacts:
    """The steps of the `Importer` for contacts."""

    def _bring_contacts(self):
        contacts = self.company.contacts
        people = [one for one in contacts.values() if owner_of(one, contacts)]
        # Persons who belong to nobody are leads; with an ID that nobody else has.
        accounts = [one for one in contacts.values() if not owner_of(one, contacts)]
        accounts.sort(key=lambda one: bool(one.owner))
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
        found = self._find_by_contact_id(items) | self._find_stores(accounts)
        saved = self.save("contacts", partners, items, found) | self.save(
            "contacts", partners, without
        )
        for contact in accounts:
            if id_ := saved.get(f"contacts.{contact.id}"):
                self.partners[contact.id] = id_
        items = []
        for contact in people:
            vals = self._contact_vals(contact)
            key = contact_id.key(contact.contact_id)
            if owner := self.partners.get(contact.owner):
                vals |= {
                    "parent_id": owner, "type": "contact", "role_lead": False,
                    "ref": contact.contact_id or False,
                }  # fmt: skip
            elif key and key not in taken:
                # Its company was refused.
                vals["ref"] = contact.contact_id
                taken.add(key)
            items.append((f"contacts.{contact.id}", vals))
        saved = self.save("contacts", partners, items)
        for contact in people:
            if id_ := saved.get(f"contacts.{contact.id}"):
                self.partners[contact.id] = id_
        self.tell_gone("contacts", "res.partner", [f"contacts.{id_}" for id_ in contacts],
                       ("contacts",))  # fmt: skip

    def _bring_addresses(self):
        items = []
        contacts, table = self.company.contacts, self._table_of_addresses()
        for contact in contacts.values():
            if contact.id in self.partners and not owner_of(contact, contacts):
                items += self._people_of(contact)
        for address in self.company.addresses:
            if address.contact in self.partners:
                items.append((f"{table}.{address.id}", self._child_vals(address)))
            else:
                self._skip("addresses")
        items += self._ship_tos()
        saved = self.save("addresses", self.env["res.partner"], items)
        self.places = {
            key.partition(".")[2]: id_
            for key, id_ in saved.items()
            if key.startswith((table, _SHIP_TO))
        }
        if not self.counting and not self.recalling:
            self._archive_gone({key for key, _vals in items})

    def _table_of_addresses(self):
        return "address_book" if self.company.layout == "6" else "contacts_meta"

    def _ship_tos(self):
        """Addresses that were typed on open orders, of each contact once.

        :return: [(key, values)]
        """
        found = {}
        for order in self._wanted_orders():
            if (address := order.ship_to) and order.contact in self.partners:
                key = f"{_SHIP_TO}{ship_to_id(order)}"
                if key not in found:
                    address = address._replace(contact=order.contact)
                    found[key] = self._child_vals(address)
        return [*found.items()]

    def _child_vals(self, address):
        """An address or a person that belongs to a contact; what Odoo has no field for stands in
        the notes."""
        return self._address_vals(address) | {
            "name": clean(_name_of_child(address)),
            "parent_id": self.partners[address.contact],
            "type": _KINDS[address.kind],
            "function": address.title or False,
            "website": clean(address.website),
            "comment": self._comment(address.notes, self._lines_of_child(address)),
            "active": True,
        }

    def _archive_gone(self, given):
        """People and addresses that have come over before, and are in Bizuno no longer.

        :param given: keys of those that are
        """
        if not self.company.gaps.isdisjoint({"contacts", self._table_of_addresses()}):
            # They may be in what could not be read.
            return
        keys = [
            key
            for pattern in ("contacts.%.%", f"{self._table_of_addresses()}.%")
            for key in self._keys_like(pattern)
            if key not in given and self._tells_of(key)
        ]
        partners = self.as_import(self.env["res.partner"])
        for key, known in self.known(keys).items():
            child = partners.browse(known.res_id).exists()
            if not child or known.given.get("active") is False:
                continue
            self.counts["addresses"]["read"] += 1
            is_mine = not known.was_created or (known._is_touched() and not self.run.overwrite)
            if child.active and is_mine:
                self.problem_of(key, "", child.display_name, "gone_there")
                self.counts["addresses"]["unchanged"] += 1
            else:
                self._update("addresses", child, known, {"active": False})

    def _keys_like(self, pattern):
        records = self.env["bizuno.import.record"].search_fetch(
            [
                ("company_id", "=", self.run.company_id.id),
                ("key", "=like", pattern),
                ("res_model", "=", "res.partner"),
            ],
            ["key"],
        )
        return records.mapped("key")

    def _tells_of(self, key):
        """Whether the file would have a person or an address, if there still were one."""
        table, id_ = key.split(".")[:2]
        return table != "contacts" or id_ in self.partners

    def _contact_vals(self, contact):
        address, is_person = contact.address, owner_of(contact, self.company.contacts)
        person = _person(address)
        is_company = bool(address.name) and address.name != person and not is_person
        vals = self._address_vals(address) | {
            "name": clean(_name_of_child(address._replace(kind="person")))
            if is_person
            else clean(contact.name),
            "is_company": is_company,
            "account_status": contact.status,
            "newsletter": contact.newsletter,
            "marketplace": contact.marketplace,
            "tax_exempt": contact.tax_exempt,
            "website": clean(address.website),
            "vat": clean(contact.gov_id),
            "account_number": clean(contact.account_number),
            "comment": self._comment(contact.notes, self._lines_of_notes(contact)),
            "function": False if is_company else clean(address.title),
            "user_id": self.users.get(contact.rep, False),
        }
        vals |= {f"role_{role}": role in contact.roles for role in _ROLE_FIELDS}
        if "customer" in contact.roles:
            vals |= self._customer_vals(contact)
        if not is_person:
            vals |= self._terms_vals(contact)
        return vals

    def _terms_vals(self, contact):
        """Terms of its own, or Bizuno's default."""
        defaults, vals = self.company.default_terms, {}
        if {"customer", "lead"} & {*contact.roles}:
            wanted = terms_of(contact.terms, defaults["customers"])
            own = contact.terms and terms_codec.parse(contact.terms) == wanted
            text = contact.terms if own else wanted and terms_codec.encode(wanted)
            vals["bizuno_terms"] = text or False
        if "vendor" in contact.roles:
            wanted = terms_of(contact.terms, defaults["vendors"])
            vals[_VENDOR_TERM] = wanted and self.payment_term(wanted)
            if not wanted:
                # A list does not say what is the default.
                vals[_VENDOR_TERM] = not self.company.list_ and self.payment_term(_NET_30)
        return vals

    def as_written(self, vals, is_new):
        """Values as they are written: what a contact has no more of its own is the default's, and a
        new one is given what Odoo's settings give to it."""
        vals = {
            name: value
            for name, value in vals.items()
            if value is not False or not is_new or name not in _LEFT_TO_SETTINGS
        }
        if vals.get("bizuno_terms") is False:
            vals["bizuno_terms"] = self.run.company_id.contact_default_terms
        if vals.get(_VENDOR_TERM) is False:
            vals[_VENDOR_TERM] = self.payment_term(_NET_30)
        return vals

    def _customer_vals(self, contact):
        """What the contact has of its own, False for what it has not. What it names and nobody
        knows is left as it is here, and told."""
        vals = {
            "property_income_account_id": self._income_account(contact),
            "default_tax_id": self._choice("tax", contact.tax_rate),
            "specific_property_product_pricelist": self.pricelists.get(f"contact.{contact.id}")
            or self._pricelist_of(contact),
        }
        if contact.price_sheet and not self._pricelist_of(contact):
            self._problem(
                "contacts", contact.id, "price_sheet", contact.price_sheet, "price_sheet_unknown"
            )
        unknown = {
            "property_income_account_id": not self._is_chosen("account", contact.gl_account),
            "default_tax_id": not self._is_chosen("tax", contact.tax_rate),
            # A list knows the sheets that have come over alone.
            "specific_property_product_pricelist": self.company.list_ and contact.price_sheet,
        }
        return {name: value for name, value in vals.items() if value or not unknown[name]}

    def _is_chosen(self, kind, code):
        """Whether it is known what this is here, or it is nothing in Bizuno."""
        return code in ("", "0", "-1") or bool(self._choice(kind, code))

    def _income_account(self, contact):
        """Who is also a vendor may have an account of purchases there."""
        account = self.env["account.account"].browse(
            self._choice("account", contact.gl_account) or ()
        )
        return account.internal_group == "income" and account.id

    def _lines_of_notes(self, contact):
        """What Odoo has no field for."""
        store, address = self.company.contacts.get(contact.store), contact.address
        if owner_of(contact, self.company.contacts):
            lines = self._lines_of_child(address._replace(kind="person"))
        else:
            lines = self._lines_of_place(address)
            if address.name and not _person(address) and address.title:
                lines.append(messages.import_note(self.words, "title", address.title))
        facts = {
            "store": store.name if store else contact.store,
            "default_account": contact.gl_account if "vendor" in contact.roles else "",
        }
        return [
            *(messages.import_note(self.words, name, one) for name, one in facts.items() if one),
            *lines,
        ]

    def _lines_of_child(self, address):
        """What a person or an address has more than one of, or Odoo has no field for."""
        name = clean(_name_of_child(address))
        facts = [
            ("person", _person(address)),
            ("name", address.name),
            ("attention", address.attention),
            *(("telephone", phone) for phone in address.phones[1:]),
            *(("email", email) for email in address.emails[1:]),
        ]
        return [
            messages.import_note(self.words, kind, value)
            for kind, value in facts
            if value and clean(value) != name
        ] + self._lines_of_place(address)

    def _lines_of_place(self, address):
        if address.state and not self._find_state(self._find_country(address), address.state):
            return [messages.import_note(self.words, "state", address.state)]
        return []

    def _comment(self, text, lines):
        return (as_html(text) or "") + "".join(plaintext2html(one) for one in lines) or False

    def _address_vals(self, address):
        country = self._country(address)
        return {
            "street": clean(address.street),
            "street2": clean(address.street2),
            "city": clean(address.city),
            "zip": clean(address.zip),
            "state_id": self._state(country, address),
            "country_id": country,
            "email": clean(address.emails[0]),
            "phone": clean(address.phones[0]),
        }

    def _people_of(self, contact):
        """The people, e-mails and telephones of an account that Odoo keeps in contacts of it."""
        address, parent = contact.address, self.partners[contact.id]
        people, offices = {}, messages.import_offices(self.words)
        if address.name:
            person = _person(address)
            if person and person != address.name:
                people["person"] = {"name": person, "function": address.title or False}
        if address.attention and address.attention != contact.name:
            people["attention"] = {"name": address.attention}
        for number, email in enumerate(address.emails[1:], 2):
            if email:
                people[f"email{number}"] = {"name": offices[number - 2], "email": email}
        for number, phone in enumerate(address.phones[1:], 2):
            if phone:
                name = messages.import_telephone(self.words, number)
                people[f"telephone{number}"] = {"name": name, "phone": phone}
        for part, vals in people.items():
            vals = {name: clean(value) for name, value in vals.items()}
            vals |= {"parent_id": parent, "type": "contact", "active": True}
            yield f"contacts.{contact.id}.{part}", vals

    def _country(self, address):
        found = self._find_country(address)
        if address.country and not found:
            self._problem_of_address(address, "country", address.country, "country_unknown")
        return found

    def _find_country(self, address):
        if not address.country:
            return False
        if not hasattr(self, "countries"):
            self.countries = self._codes("res.country")
            self.aliases = get_global("territory_aliases")
        code = (self.aliases.get(address.country.upper()) or [address.country.upper()])[0]
        return self.countries.get(code, False)

    def _state(self, country, address):
        found = self._find_state(country, address.state)
        if address.state and not found:
            self._problem_of_address(address, "state", address.state, "state_unknown")
        return found

    def _problem_of_address(self, address, field, value, code):
        if address.kind == "main":
            self._problem("contacts", address.contact, field, value, code)
        else:
            table = "journal_main" if address.kind == "ship" else self._table_of_addresses()
            self._problem(table, address.id, field, value, code)

    def _find_state(self, country, text):
        if not country or not text:
            return False
        if not hasattr(self, "states"):
            self.states = {}
            for state in self.env["res.country.state"].search_fetch([], ["code", "name"]):
                for word in (state.name, state.code):
                    self.states[state.country_id.id, word.lower()] = state.id
        return self.states.get((country, text.lower()), False)

    def _find_stores(self, accounts):
        """:return: {key: id} of the contacts of our own companies that stores were chosen to be"""
        chosen = {
            f"contacts.{one.id}": company
            for one in accounts
            if "branch" in one.roles and (company := self._choice("store", one.id, told=False))
        }
        companies = self.env["res.company"].browse({*chosen.values()}).exists()
        partners = {company.id: company.partner_id.id for company in companies}
        return {key: partners[id_] for key, id_ in chosen.items() if id_ in partners}

    def _find_by_contact_id(self, items):
        """:return: {key: id} of the contacts that are here with the same Contact ID"""
        ids = {contact_id.key(vals["ref"]): key for key, vals in items}
        found = self.env["res.partner"]._find_contacts_to_update({*ids})
        return {ids[text]: id_ for text, id_ in found.items()}

    @contextmanager
    def roles_of_documents(self, documents):
        """That Odoo makes a customer of who is invoiced, or a vendor of who sends a bill, is no
        change of somebody's.

        :param documents: what is being brought over inside
        """
        ids = {self.partners.get(one.contact) for one in documents} - {None}
        if self.counting or self.recalling or not ids:
            yield
            return
        partners = self.env["res.partner"].browse(sorted(ids)).exists()
        before = {
            one.id: {role for role in _ROLES_OF_DOCUMENTS if not plain(one, role)}
            for one in partners
        }
        try:
            yield
        except PieceEnded:
            self._know_roles(documents, partners, before)
            raise
        self._know_roles(documents, partners, before)

    def _know_roles(self, documents, partners, before):
        raised = {
            one.id: {role: True for role in before[one.id] if plain(one, role)} for one in partners
        }
        keys = {one.contact for one in documents if raised.get(self.partners.get(one.contact))}
        for known in self.known([f"contacts.{id_}" for id_ in keys]).values():
            known.written = known.written | raised[known.res_id]


def ship_to_id(order):
    """What the address is known by that was typed on an order: those of one contact that are the
    same are one."""
    one = order.ship_to
    words = (one.name, one.attention, one.street, one.street2, one.city, one.state, one.zip,
             one.country)  # fmt: skip
    return f"{order.contact}.{zlib.crc32('|'.join(words).encode())}"


def _person(address):
    return " ".join(filter(None, (address.first, address.last)))


def _name_of_child(address):
    """An address is called by its name, a person by the person's; by whatever else there is, where
    that is missing."""
    names = (address.name, _person(address))
    if address.kind == "person":
        names = names[::-1]
    rest = (address.attention, *address.emails, *address.phones, address.title)
    # Only people need a name.
    last = address.id if address.kind == "person" else ""
    return next(filter(None, (*names, *rest)), last)
