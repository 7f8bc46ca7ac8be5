"""Contacts that come as a list (Bizuno's contact export), and what is kept for the way back."""

from ...logic import contact_id
from ...logic.bizuno_dump.contact_rows import kept_cells, people_cells, retold, without_own
from ...logic.bizuno_dump.contact_tags import COLUMNS, is_same
from ...logic.bizuno_dump.contacts_csv import list_id
from .contact_cells import ContactCells
from .importer import Importer
from .values import plain

#: By which columns of Bizuno's a field is decided: a list without any of them says nothing of it.
COLUMNS_OF = {
    "name": ("primary_name", "contact_first", "contact_last"),
    "is_company": ("primary_name", "contact_first", "contact_last"),
    "function": ("flex_field_1",),
    "account_status": ("inactive",),
    "newsletter": ("newsletter",),
    "marketplace": ("marketplace",),
    "tax_exempt": ("tax_exempt",),
    "website": ("website",),
    "vat": ("gov_id_number",),
    "account_number": ("account_number",),
    "comment": (),
    "user_id": ("rep_id",),
    "role_customer": ("ctype_c",),
    "role_vendor": ("ctype_v",),
    "role_employee": ("ctype_e",),
    "role_branch": ("ctype_b",),
    "role_lead": ("ctype_i",),
    "bizuno_terms": ("terms",),
    "property_supplier_payment_term_id": ("terms",),
    "property_income_account_id": ("gl_account",),
    "specific_property_product_pricelist": ("price_sheet",),
    "property_product_pricelist": ("price_sheet",),
    "default_tax_id": ("tax_rate_id",),
    "street": ("address1",),
    "street2": ("address2",),
    "city": ("city",),
    "zip": ("postal_code",),
    "state_id": ("state", "country"),
    "country_id": ("country",),
    "email": ("email",),
    "phone": ("telephone1",),
    "ref": ("short_name",),
}
#: All the columns by which it is decided whether a contact has such a person.
COLUMNS_OF_PART = {
    "person": ("primary_name", "contact_first", "contact_last"),
    "attention": ("contact",),
    **{
        f"{name}{number}": (f"{name}{number}",)
        for name in ("email", "telephone")
        for number in (2, 3, 4)
    },
}
# What they are depends on Bizuno's settings, too, which no list has.
_OF_SETTINGS = ("bizuno_terms", "property_supplier_payment_term_id")


class ContactImporter(Importer):
    """An importer that knows a contact by its Contact ID, too: a list after the dump of the same
    company, and a dump after its list, change only what is not equal."""

    def __init__(self, env, run, company, users, documents=None, purchases=None):
        if company.list_:
            # That a list has none does not mean that they are closed in Bizuno.
            documents = purchases = None
        super().__init__(env, run, company, users, documents, purchases)

    def _bring_orders(self):
        return None if self.company.list_ else super()._bring_orders()

    def _bring_contacts(self):
        if self.company.list_:
            self._take_known_ids()
        if self.counting or self.recalling:
            return super()._bring_contacts()
        if not self.company.list_:
            self._take_over_lists()
        if self.kept_for_rest is not None:
            # Contacts that this step has made meanwhile were not here before.
            before = {int(id_): row for id_, row in self.kept_for_rest.items()}
        else:
            before = self._rows_before()
            self.kept_for_rest = before
        super()._bring_contacts()
        return self._keep_cells(before)

    def _bring_price_sheets(self):
        result = super()._bring_price_sheets()
        if self.company.list_:
            # A list has their numbers alone: those that a dump has brought are here.
            records = self.env["bizuno.import.record"].search_fetch(
                [
                    ("company_id", "=", self.run.company_id.id),
                    ("res_model", "=", "product.pricelist"),
                    ("key", "=like", "price.%"),
                ],
                ["key", "res_id"],
            )
            here = self.env["product.pricelist"].browse(records.mapped("res_id")).exists()
            self.pricelists |= {
                record.key.removeprefix("price."): record.res_id
                for record in records
                if record.res_id in here.ids
            }
        return result

    # who is who
    def _take_known_ids(self):
        """Contacts of a list that have come over before are known by the id that they had."""
        records = self.env["bizuno.import.record"].search_fetch(
            [
                ("company_id", "=", self.run.company_id.id),
                ("res_model", "=", "res.partner"),
                ("key", "=like", "contacts.%"),
            ],
            ["key", "res_id", "given"],
        )
        by_partner, by_contact_id = {}, {}
        for record in records:
            if record.key.count(".") == 1:
                id_ = record.key.split(".")[1]
                by_partner[record.res_id] = id_
                by_contact_id[contact_id.key(record.given.get("ref") or "")] = id_
        keys = {
            contact_id.key(contact.contact_id) for contact in self.company.contacts.values()
        } - {""}
        here = self.env["res.partner"]._find_contacts_to_update(keys)
        contacts, known, rows = {}, {}, self.company.list_.rows
        for id_, contact in self.company.contacts.items():
            key = contact_id.key(contact.contact_id)
            new = id_
            if key and id_ == list_id(key):
                new = by_partner.get(here.get(key)) or by_contact_id.get(key) or id_
            if new in contacts:
                new = id_
            contacts[new] = contact._replace(id=new, address=contact.address._replace(contact=new))
            known[new] = rows[id_]
        self.company = self.company._replace(
            contacts=contacts, list_=self.company.list_._replace(rows=known)
        )

    def _take_over_lists(self):
        """Contacts of a dump that have come over in a list are known by the dump's id from now
        on."""
        listed = self.env["bizuno.import.record"].search_fetch(
            [
                ("company_id", "=", self.run.company_id.id),
                ("key", "=like", r"contacts.list\_%"),
            ],
            ["key", "res_model", "res_id"],
        )
        if not listed:
            return
        known = self.known([f"contacts.{id_}" for id_ in self.company.contacts])
        ids = {}
        for contact in self.company.contacts.values():
            key = contact_id.key(contact.contact_id)
            if key and f"contacts.{contact.id}" not in known:
                ids.setdefault(list_id(key), contact.id)
        taken = listed.browse()
        for record in listed:
            _table, id_, *part = record.key.split(".")
            if id_ in ids:
                record.key = ".".join(["contacts", ids[id_], *part])
                taken |= record
        self.name_externally(
            (known_record.key, self.env[known_record.res_model].browse(known_record.res_id))
            for known_record in taken
        )

    # what a list does not say
    def _update(self, step, record, known, vals):
        if list_ := self.company.list_:
            is_contact = step == "contacts"
            vals = {
                name: self._as_known(known, name, value)
                for name, value in vals.items()
                if (not is_contact or any(map(list_.has, COLUMNS_OF.get(name, ()))))
                and self._says_something(known, record, name, value)
                and not (is_contact and name in _OF_SETTINGS and self._has_same_terms(known))
            }
        return super()._update(step, record, known, vals)

    def _has_same_terms(self, known):
        """Whether the terms in the list are those of the last time."""
        cells = self.company.contacts[known.key.split(".")[1]].cells
        theirs = (known.cells or {}).get("theirs")
        return theirs is not None and theirs.get("Terms", "") == cells.get("Terms", "")

    def _tells_of(self, key):
        if list_ := self.company.list_:
            table, id_, *part = key.split(".")
            # A list has no other addresses.
            return (
                table == "contacts"
                and id_ in self.partners
                and all(map(list_.has, COLUMNS_OF_PART[part[0]]))
            )
        return super()._tells_of(key)

    def _as_known(self, known, name, value):
        """What Bizuno has written with signs that it cannot export stays as it was."""
        was = known.given.get(name)
        return was if isinstance(was, str) and value and is_same(was, value) else value

    def _says_something(self, known, record, name, value):
        """Whether a value is another one than that of the last time and of the contact now."""
        if name in known.given and known.given[name] == value:
            return True
        return not record or plain(record, name) != value

    def save(self, step, model, items, existing=None, once=None):
        if self.company.list_ and step == "addresses" and not self.counting:
            existing = self._people_here(items)
        return super().save(step, model, items, existing, once)

    def _people_here(self, items):
        """E-mails, telephones and people of contacts that were here before."""
        ids = {key: key.split(".")[1:] for key, _vals in items}
        partners = self.env["res.partner"].browse(
            {self.partners[id_] for id_, *_part in ids.values() if id_ in self.partners}
        )
        here = ContactCells(self._env_of_company()).get_part(partners)
        return {
            key: here[place]
            for key, (id_, *part) in ids.items()
            if part and (place := (self.partners.get(id_), part[0])) in here
        }

    # the way back
    def _env_of_company(self):
        return self.run.with_company(self.run.company_id).env

    def _rows_before(self):
        """:return: {id of a contact here: its row}, of those whose row in Bizuno is another one"""
        contacts = self.company.contacts.values()
        known = self.known([f"contacts.{contact.id}" for contact in contacts])
        keys = {
            contact_id.key(contact.contact_id)
            for contact in contacts
            if f"contacts.{contact.id}" not in known
        }
        ids = {*self.env["res.partner"]._find_contacts_to_update(keys - {""}).values()}
        for contact in contacts:
            record = known.get(f"contacts.{contact.id}")
            if record and self._theirs(contact, record.cells) is not None:
                ids.add(record.res_id)
        partners = self.env["res.partner"].browse(ids).exists()
        return ContactCells(self._env_of_company()).of(partners)

    def _theirs(self, contact, kept):
        """:return: the row to keep; None where it is the one that is kept already"""
        old = (kept or {}).get("theirs")
        # A Contact ID is always that of the contact here.
        new = {tag: text for tag, text in contact.cells.items() if tag != "ContactID"}
        if old is not None:
            list_ = self.company.list_
            new = {
                tag: old.get(tag, "")
                if (list_ and not list_.has(column)) or is_same(old.get(tag, ""), new.get(tag, ""))
                else new.get(tag, "")
                for tag, column in COLUMNS.items()
            }
            new = {tag: text for tag, text in new.items() if text}
        return None if new == old else new

    def _keep_cells(self, before):
        records = self.known([f"contacts.{id_}" for id_ in self.partners])
        rows, people, stale = {}, {}, {}
        for id_ in self.partners:
            contact, record = self.company.contacts[id_], records.get(f"contacts.{id_}")
            theirs = record and self._theirs(contact, record.cells)
            if theirs and record.cells and not self.run.overwrite:
                theirs = without_own(theirs, record.cells, before.get(record.res_id, {}))
            if theirs and not contact.owner:
                rows[record] = theirs
                # They come over in the next step.
                people[record] = {key.split(".")[2]: vals for key, vals in self._people_of(contact)}
            elif record and record.cells and record.key in self.rewritten:
                names = self.rewritten[record.key]
                stale[record] = {column for name in names for column in COLUMNS_OF.get(name, ())}
        # What was written stands in the cache as it was written, and not as it is read.
        self.env.invalidate_all()
        partners = self.env["res.partner"].browse([record.res_id for record in (*rows, *stale)])
        after = ContactCells(self._env_of_company()).of(partners)
        for record, theirs in rows.items():
            here = after[record.res_id] | people_cells(people[record])
            record.cells = kept_cells(theirs, here, before.get(record.res_id), record.cells)
        for record, columns in stale.items():
            record.cells = retold(record.cells, after[record.res_id], columns)

    # what is told
    def _problem(self, table, row, field, value, code):
        if list_ := self.company.list_:
            id_ = str(row).split(".")[0]
            row, field = list_.rows.get(id_, row), list_.headings.get(field, field)
        return super()._problem(table, row, field, value, code)
