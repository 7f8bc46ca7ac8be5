"""Contacts: their roles, terms, accounts and notes."""

from contextlib import contextmanager

from ... import messages
from ...logic import contact_id
from ...logic import terms as terms_codec
from ...logic.bizuno_dump.contacts import owner_of, terms_of
from .addresses import name_of_child, person_of
from .pieces import PieceEnded
from .values import clean, plain

_ROLE_FIELDS = ("customer", "vendor", "employee", "branch", "lead")
# Odoo gives them itself, to who is invoiced or sends a bill.
_ROLES_OF_DOCUMENTS = ("role_customer", "role_vendor")
_VENDOR_TERM = "property_supplier_payment_term_id"
# What a new customer without any gets from Odoo's settings.
_LEFT_TO_SETTINGS = ("bizuno_terms", "default_tax_id", "property_income_account_id",
                     "specific_property_product_pricelist")  # fmt: skip
_NET_30 = terms_codec.Terms()


class Contacts:
    """The step of the `Importer` for contacts."""

    def _bring_contacts(self):
        contacts = self.company.contacts
        people = [
            bizuno_contact
            for bizuno_contact in contacts.values()
            if owner_of(bizuno_contact, contacts)
        ]
        # Persons who belong to nobody are leads; with an ID that nobody else has.
        accounts = [
            bizuno_contact
            for bizuno_contact in contacts.values()
            if not owner_of(bizuno_contact, contacts)
        ]
        accounts.sort(key=lambda account: bool(account.owner))
        taken, items, without = set(), [], []
        for contact in accounts:
            if contact.roles == ("user",):
                # It is chosen for it who it is here.
                self._problem("contacts", contact.id, "ctype_u", contact.name, "login")
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
        existing = self._find_by_contact_id(items) | self._find_stores(accounts)
        saved = self.save("contacts", partners, items, existing) | self.save(
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
                vals = self.vals_of_person(vals, contacts[contact.owner]) | {
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
        self._take_over_people()
        self.tell_gone("contacts", "res.partner", [f"contacts.{id_}" for id_ in contacts],
                       ("contacts",))  # fmt: skip

    def _contact_vals(self, contact):
        address, is_person = contact.address, owner_of(contact, self.company.contacts)
        person = person_of(address)
        is_company = bool(address.name) and address.name != person and not is_person
        vals = self._address_vals(address) | {
            "name": clean(name_of_child(address._replace(kind="person")))
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
            "user_id": self.user_of("contacts", "rep_id", contact.rep),
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
        if is_new and "role_employee" in vals:
            # Odoo's own field, written with the record at once: the role would need an UPDATE each.
            vals["employee"] = vals.pop("role_employee")
        return vals

    def make(self, model, vals_list):
        """People and addresses are made with what they have of their account, where Odoo would look
        it up and write it to one after the other."""
        if model._name != "res.partner":
            return super().make(model, vals_list)
        address = model._address_fields()
        # All of them are read at once.
        owners = model.sudo().browse(
            dict.fromkeys(vals["parent_id"] for vals in vals_list if vals.get("parent_id"))
        )
        shared = {
            owner.id: owner.commercial_partner_id._convert_fields_to_values(
                model._commercial_fields()
            )
            for owner in owners
        }
        places = {
            owner.id: {
                name: value
                for name, value in owner._convert_fields_to_values(address).items()
                if value
            }
            for owner in owners
        }
        filled = []
        for vals in vals_list:
            owner = vals.get("parent_id")
            is_person = owner and vals.get("type") == "contact"
            if is_person and not places[owner] and any(vals.get(name) for name in address):
                # The account is to have its address: that is Odoo's to do.
                return model._load_records_create(vals_list)
            if owner:
                vals = vals | shared[owner] | (places[owner] if is_person else {})
            filled.append(vals)
        # As Odoo's load() does. Without the key Odoo would only look it up once more.
        return model.with_context(_partners_skip_fields_sync=True).create(filled)

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
            lines = self._lines_of_child(address._replace(kind="person", contact=contact.owner))
        else:
            lines = self._lines_of_place(address)
            if address.name and not person_of(address) and address.title:
                lines.append(messages.import_note(self.words, "title", address.title))
        facts = {
            "store": store.name if store else contact.store,
            "default_account": contact.gl_account if "vendor" in contact.roles else "",
        }
        return [
            *(messages.import_note(self.words, name, fact) for name, fact in facts.items() if fact),
            *lines,
        ]

    def _find_stores(self, accounts):
        """:return: {key: id} of the contacts of our own companies that stores were chosen to be"""
        chosen = {
            f"contacts.{account.id}": company
            for account in accounts
            if "branch" in account.roles
            and (company := self._choice("store", account.id, is_problem=False))
        }
        companies = self.env["res.company"].browse({*chosen.values()}).exists()
        partners = {company.id: company.partner_id.id for company in companies}
        return {key: partners[id_] for key, id_ in chosen.items() if id_ in partners}

    def _find_by_contact_id(self, items):
        """:return: {key: id} of the contacts that are here with the same Contact ID"""
        ids = {contact_id.key(vals["ref"]): key for key, vals in items}
        partner_ids = self.env["res.partner"]._find_contacts_to_update({*ids})
        return {ids[text]: id_ for text, id_ in partner_ids.items()}

    @contextmanager
    def roles_of_documents(self, documents):
        """That Odoo makes a customer of who is invoiced, or a vendor of who sends a bill, is no
        change of somebody's.

        :param documents: what is being brought over inside
        """
        ids = {self.partners.get(document.contact) for document in documents} - {None}
        if self.counting or self.recalling or not ids:
            yield
            return
        partners = self.env["res.partner"].browse(sorted(ids)).exists()
        before = {
            partner.id: {role for role in _ROLES_OF_DOCUMENTS if not plain(partner, role)}
            for partner in partners
        }
        try:
            yield
        except PieceEnded:
            self._know_roles(documents, partners, before)
            raise
        self._know_roles(documents, partners, before)

    def _know_roles(self, documents, partners, before):
        raised = {
            partner.id: {role: True for role in before[partner.id] if plain(partner, role)}
            for partner in partners
        }
        keys = {
            document.contact
            for document in documents
            if raised.get(self.partners.get(document.contact))
        }
        for known in self.known([f"contacts.{id_}" for id_ in keys]).values():
            known.written = known.written | raised[known.res_id]
