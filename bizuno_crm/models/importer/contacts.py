"""Contacts, and the people and addresses of each."""

from babel.core import get_global
from odoo.tools import plaintext2html

from ... import messages
from ...logic import contact_id
from ...logic import terms as terms_codec
from .values import as_html, clean

_KINDS = {"billing": "invoice", "delivery": "delivery", "person": "contact"}
_ROLE_FIELDS = ("customer", "vendor", "employee", "branch", "lead")


class Contacts:
    """The steps of the `Importer` for contacts."""

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
        found = self._find_by_contact_id(items) | self._find_stores(accounts)
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
                    "comment": as_html(address.notes),
                }
                items.append((f"{table}.{address.id}", vals))
            else:
                self._skip("addresses")
        saved = self.save("addresses", self.env["res.partner"], items)
        self.places = {
            key.partition(".")[2]: id_ for key, id_ in saved.items() if key.startswith(table)
        }

    def _contact_vals(self, contact):
        address = contact.address
        person = " ".join(filter(None, (address.first, address.last)))
        is_company = bool(address.name) and address.name != person
        notes = (as_html(contact.notes) or "") + "".join(
            plaintext2html(line) for line in self._lines_of_notes(contact)
        )
        vals = self._address_vals(address) | {
            "name": clean(contact.name),
            "is_company": is_company,
            "account_status": contact.status,
            "newsletter": contact.newsletter,
            "marketplace": contact.marketplace,
            "tax_exempt": contact.tax_exempt,
            "website": clean(address.website),
            "vat": clean(contact.gov_id),
            "comment": notes or False,
            "function": False if is_company else clean(address.title),
            "user_id": self.users.get(contact.rep, False),
        }
        vals |= {f"role_{role}": role in contact.roles for role in _ROLE_FIELDS}
        if "customer" in contact.roles:
            vals |= self._customer_vals(contact)
        if contact.terms and "customer" in contact.roles:
            vals["bizuno_terms"] = contact.terms
        if contact.terms and "vendor" in contact.roles:
            term = self.payment_term(terms_codec.parse(contact.terms))
            vals["property_supplier_payment_term_id"] = term
        return vals

    def _customer_vals(self, contact):
        """Only what the contact has of its own; the rest is as Odoo gives it."""
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
        return {name: value for name, value in vals.items() if value}

    def _income_account(self, contact):
        """Who is also a vendor may have an account of purchases there."""
        account = self.env["account.account"].browse(
            self._choice("account", contact.gl_account) or ()
        )
        return account.internal_group == "income" and account.id

    def _lines_of_notes(self, contact):
        """What Odoo has no field for."""
        store = self.company.contacts.get(contact.store)
        facts = {
            "account_number": contact.account_number,
            "store": store.name if store else contact.store,
            "default_account": contact.gl_account if "vendor" in contact.roles else "",
        }
        return [
            messages.import_note(self.words, name, value) for name, value in facts.items() if value
        ]

    def _address_vals(self, address):
        country = self._country(address)
        name = address.name or " ".join(filter(None, (address.first, address.last)))
        return {
            "name": clean(name or address.attention),
            "street": clean(address.street),
            "street2": clean(address.street2),
            "city": clean(address.city),
            "zip": clean(address.zip),
            "state_id": self._state(country, address.state),
            "country_id": country,
            "email": clean(address.emails[0]),
            "phone": clean(address.phones[0]),
        }

    def _people_of(self, contact):
        """The people, e-mails and telephones of an account that Odoo keeps in contacts of it."""
        address, parent = contact.address, self.partners[contact.id]
        people, offices = {}, messages.import_offices(self.words)
        if address.name:
            person = " ".join(filter(None, (address.first, address.last)))
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
