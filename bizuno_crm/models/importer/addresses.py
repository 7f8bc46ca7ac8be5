"""The people and addresses of contacts, and where an address is."""

import zlib

from babel.core import get_global
from odoo.tools import plaintext2html

from ... import messages
from ...logic.bizuno_dump.contacts import owner_of
from .values import as_html, clean

_KINDS = {"billing": "invoice", "delivery": "delivery", "person": "contact", "ship": "delivery"}
# How the keys of addresses begin that were typed on orders.
_SHIP_TO = "journal_main.ship."


class Addresses:
    """The step of the `Importer` for them."""

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
                self._problem(table, address.id, "ref_id", address.contact, "contact_left")
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
        vals_by_key = {}
        for order in self._wanted_orders():
            if (address := order.ship_to) and order.contact in self.partners:
                key = f"{_SHIP_TO}{ship_to_id(order)}"
                if key not in vals_by_key:
                    address = address._replace(contact=order.contact)
                    vals_by_key[key] = self._child_vals(address)
        return [*vals_by_key.items()]

    def _child_vals(self, address):
        """An address or a person that belongs to a contact; what Odoo has no field for stands in
        the notes."""
        vals = (
            self._address_vals(address)
            | self.identity_of_child(address)
            | {
                "function": address.title or False,
                "website": clean(address.website),
                "comment": self._comment(address.notes, self._lines_of_child(address)),
                "active": True,
            }
        )
        if address.kind == "person":
            return self.vals_of_person(vals, self.company.contacts[address.contact])
        return vals

    def vals_of_person(self, vals, account):
        """What is a person's own: the rest is the account's in Odoo, which gives the account
        whatever is written to one of its people.

        :param account: the contact that the person belongs to
        """
        partners = self.env["res.partner"]
        of_account = {*partners._commercial_fields()}
        if _has_place(account.address):
            of_account.update(partners._address_fields())
        return {name: value for name, value in vals.items() if name not in of_account}

    def _line_of_place(self, address):
        """A person's own place, where the account is elsewhere."""
        if address.kind != "person":
            return []
        account = self.company.contacts[address.contact].address
        here = _words_of_place(address)
        if not (_has_place(address) and _has_place(account)) or here == _words_of_place(account):
            return []
        return [messages.import_note(self.words, "address", ", ".join(filter(None, here)))]

    def identity_of_child(self, address):
        """:return: the values by which it is told from others of the contact"""
        vals = {
            "name": clean(name_of_child(address)),
            "parent_id": self.partners[address.contact],
            "type": _KINDS[address.kind],
        }
        # A person is where its account is.
        return vals if address.kind == "person" else vals | {"street": clean(address.street)}

    def _archive_gone(self, present_keys):
        """People and addresses that have come over before, and are in Bizuno no longer.

        :param present_keys: keys of those that are
        """
        if not self.company.gaps.isdisjoint({"contacts", self._table_of_addresses()}):
            # They may be in what could not be read.
            return
        keys = [
            key
            for pattern in {"contacts.%.%", "address_book.%", f"{self._table_of_addresses()}.%"}
            for key in self._keys_like(pattern)
            if key not in present_keys and self._tells_of(key)
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

    def _people_of(self, contact):
        """The people, e-mails and telephones of an account that Odoo keeps in contacts of it."""
        address, parent = contact.address, self.partners[contact.id]
        people, offices = {}, messages.import_offices(self.words)
        if address.name:
            person = person_of(address)
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

    def _lines_of_child(self, address):
        """What a person or an address has more than one of, or Odoo has no field for."""
        name = clean(name_of_child(address))
        facts = [
            ("person", person_of(address)),
            ("name", address.name),
            ("attention", address.attention),
            *(("telephone", phone) for phone in address.phones[1:]),
            *(("email", email) for email in address.emails[1:]),
        ]
        return [
            messages.import_note(self.words, kind, value)
            for kind, value in facts
            if value and clean(value) != name
        ] + (self._line_of_place(address) or self._lines_of_place(address))

    def _lines_of_place(self, address):
        if address.state and not self._find_state(self._find_country(address), address.state):
            return [messages.import_note(self.words, "state", address.state)]
        return []

    def _comment(self, text, lines):
        return (as_html(text) or "") + "".join(plaintext2html(line) for line in lines) or False

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

    def _country(self, address):
        country = self._find_country(address)
        if address.country and not country:
            self._problem_of_address(address, "country", address.country, "country_unknown")
        return country

    def _find_country(self, address):
        if not address.country:
            return False
        if not hasattr(self, "countries"):
            self.countries = self._codes("res.country")
            self.aliases = get_global("territory_aliases")
        code = (self.aliases.get(address.country.upper()) or [address.country.upper()])[0]
        return self.countries.get(code, False)

    def _state(self, country, address):
        state = self._find_state(country, address.state)
        if address.state and not state:
            self._problem_of_address(address, "state", address.state, "state_unknown")
        return state

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


def _words_of_place(address):
    return (address.street, address.street2, address.city, address.state, address.zip,
            address.country)  # fmt: skip


def _has_place(address):
    """Bizuno gives each contact a country, typed or not."""
    return bool(address.street or address.street2 or address.city or address.zip)


def ship_to_id(order):
    """What the address is known by that was typed on an order: those of one contact that are the
    same are one."""
    address = order.ship_to
    words = (
        address.name, address.attention, address.street, address.street2, address.city,
        address.state, address.zip, address.country,
    )  # fmt: skip
    return f"{order.contact}.{zlib.crc32('|'.join(words).encode())}"


def person_of(address):
    return " ".join(filter(None, (address.first, address.last)))


def name_of_child(address):
    """An address is called by its name, a person by the person's; by whatever else there is, where
    that is missing."""
    names = (address.name, person_of(address))
    if address.kind == "person":
        names = names[::-1]
    rest = (address.attention, *address.emails, *address.phones, address.title)
    # Only people need a name.
    last = address.id if address.kind == "person" else ""
    return next(filter(None, (*names, *rest)), last)
