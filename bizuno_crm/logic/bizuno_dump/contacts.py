"""The rows of contacts and of their addresses.

>>> as_status("H"), as_status("X")
('hold', None)
"""

from dataclasses import replace

from .. import contact_id as ids
from .. import terms as terms_codec
from .contact_tags import cells_of
from .records import Address, Contact, User
from .values import as_author, as_reference, as_text

#: The letters of Bizuno's role flags.
ROLES = {"b": "branch", "c": "customer", "e": "employee", "i": "lead", "j": "project", "u": "user",
         "v": "vendor"}  # fmt: skip
STATUSES = {"0": "active", "1": "inactive", "2": "locked", "H": "hold"}
ADDRESSES = {"b": "billing", "s": "delivery", "i": "person"}


class ContactRows:
    """A part of the reader, for contacts."""

    def _contacts(self, meta):
        contacts, addresses, main = {}, [], {}
        for row in self.rows.get("address_book", ()):
            row["id"] = row["address_id"]
            if row.get("type") == "m":
                main[row["ref_id"]] = row
            elif row.get("type") in ADDRESSES:
                addresses.append(_address(row, row["ref_id"], ADDRESSES[row["type"]]))
        notes = {row["ref_id"]: row["meta_value"] or "" for row in meta.get("notes", ())
                 if row["table"] == "contacts_meta"}  # fmt: skip
        for row in self.rows.get("contacts", ()):
            contacts[row["id"]] = self._contact(row, main.get(row["id"]), notes)
        for letter, kind in ADDRESSES.items():
            for row in meta.get(f"address_{letter}", ()):
                value = self._json("contacts_meta", row, row["meta_value"])
                if isinstance(value, dict):
                    value = {name: as_text(cell) for name, cell in value.items()}
                    value["id"] = row["id"]
                    addresses.append(_address(value, row["ref_id"], kind))
        table = "address_book" if self.layout == "6" else "contacts_meta"
        kept = []
        for address in addresses:
            if address.contact in contacts:
                kept.append(address)
            else:
                self._problem(table, address.id, "ref_id", address.contact, "orphan")
        self._check_references(contacts)
        return contacts, kept

    def _contact(self, row, main, notes):
        if self.layout == "7":
            roles = tuple(
                word for letter, word in ROLES.items() if row.get(f"ctype_{letter}") == "1"
            )
        else:
            kind = row.get("type") or ""
            roles = (ROLES[kind],) if kind in ROLES else ()
            if kind not in ROLES:
                self._problem("contacts", row["id"], "type", kind, "type_unknown")
        status = as_status(row.get("inactive"))
        if not status:
            self._problem("contacts", row["id"], "inactive", row["inactive"], "status_unknown")
        address = _address({**row, **(main or {})}, row["id"], "main")
        if main:
            names = {name: as_text(row.get(f"contact_{name}")) for name in ("first", "last")}
            address = address._replace(title=as_text(row.get("flex_field_1")), **names)
        person = " ".join(filter(None, (address.first, address.last)))
        name = address.name or person
        if not name.strip():
            name = address.emails[0] or as_text(row.get("short_name"))
            self._problem("contacts", row["id"], "primary_name", "", "no_name")
        staff = bool({"employee", "branch"} & {*roles}) and not {"customer", "vendor"} & {*roles}
        secret = staff or "employee" in roles
        old_person = self.layout == "6" and roles == ("lead",)
        return Contact(
            id=row["id"],
            roles=roles,
            contact_id=as_text(row.get("short_name")),
            status=status or "active",
            name=name,
            address=address,
            terms="" if staff else self._terms(row),
            rep="" if old_person else as_reference(row.get("rep_id")),
            owner=as_reference(row.get("rep_id")) if old_person else "",
            store=as_reference(row.get("store_id")),
            tax_exempt=row.get("tax_exempt") == "1",
            marketplace=row.get("marketplace") == "1",
            newsletter=row.get("newsletter") == "1",
            # An employee's are a PIN and the social security number, a branch's are accounts.
            account_number="" if secret else as_text(row.get("account_number")),
            gov_id="" if secret else as_text(row.get("gov_id_number")),
            gl_account=as_text(row.get("gl_account")),
            price_sheet=as_reference(row.get("price_sheet")),
            tax_rate=as_text(row.get("tax_rate_id")),
            first_date=self._date("contacts", row, "first_date"),
            notes=as_text(main.get("notes")) if main else notes.get(row["id"], ""),
            cells=cells_of({**row, **(main or {})}, roles),
        )

    def _terms(self, row):
        text = as_text(row.get("terms"))
        if text in ("", "0"):
            return ""
        try:
            terms_codec.parse(text)
        except terms_codec.TermsError:
            self._problem(row.get("table", "contacts"), row["id"], "terms", text, "terms_wrong")
            return ""
        return text

    def _check_references(self, contacts):
        seen = {}
        # In the order in which they get their IDs.
        for contact in sorted(contacts.values(), key=lambda person: bool(person.owner)):
            key = ids.key(contact.contact_id)
            if contact.roles == ("user",) or owner_of(contact, contacts):
                # No contact here, or one of a company, which may have any ID.
                pass
            elif not key:
                self._problem("contacts", contact.id, "short_name", "", "no_contact_id")
            elif key in seen:
                self._problem(
                    "contacts", contact.id, "short_name", contact.contact_id, "contact_id_twice"
                )
            else:
                seen[key] = contact.id
            if contact.owner and contact.owner not in contacts:
                self._problem("contacts", contact.id, "rep_id", contact.owner, "owner_unknown")
            elif contact.owner and contacts[contact.owner].owner:
                self._problem("contacts", contact.id, "rep_id", contact.owner, "owner_person")
            if contact.rep and self.layout == "7":
                rep = contacts.get(contact.rep)
                if not rep or "user" not in rep.roles:
                    code = "rep_no_user" if rep else "rep_unknown"
                    self._problem("contacts", contact.id, "rep_id", contact.rep, code)

    def _authors(self):
        """:return: {number of a user: contact id or ""}; empty for 7.x, where both are one"""
        return {
            row["admin_id"]: as_reference(row.get("contact_id"))
            for row in self.rows.get("users", ())
        }

    def _users(self, contacts):
        users = [
            User(contact.id, contact.name, contact.contact_id, contact.address.emails[0])
            for contact in contacts.values()
            if "user" in contact.roles
        ]
        for row in self.rows.get("users", ()):
            email = as_text(row.get("email"))
            id_ = as_author(row["admin_id"], {row["admin_id"]: as_reference(row.get("contact_id"))})
            users.append(User(id_, as_text(row.get("title")) or email, email, email))
        return {user.id: user for user in users}


def owner_of(contact, contacts):
    """
    :param dict contacts: {id: Contact}
    :return: the contact that a person of before 7.0 belongs to; None for who stands alone
    """
    owner = contacts.get(contact.owner)
    return None if owner is None or owner.owner else owner


def terms_of(text, default):
    """The terms of a contact: the company's default, where it has none of its own; one of type 0
    may have its own limit.

    :param str text: its own, as encoded, "" for none
    :param str default: those of the company's settings
    :return: `terms.Terms`, or None where nobody says any

    >>> terms_of("", "0"), terms_of("", "9:x"), terms_of("", "")
    (None, None, None)
    >>> terms_codec.encode(terms_of("", "2"))
    '2:0:0:30:1000'
    >>> terms_codec.encode(terms_of("0:0:0:0:2500", "3:2:10:30:700"))
    '3:2:10:30:2500'
    >>> terms_codec.encode(terms_of("6", "3:2:10:30:700"))
    '6:0:0:30:1000'
    """
    own = terms_codec.parse(text) if text else None
    if own and own.type != terms_codec.DEFAULT:
        return own
    try:
        known = terms_codec.parse(default)
    except terms_codec.TermsError:
        return own
    if known.type == terms_codec.DEFAULT:
        return own
    return replace(known, credit_limit=own.credit_limit) if own else known


def as_status(code):
    """:return: a word of STATUSES, or None for an unknown code"""
    return STATUSES.get((code or "0").upper())


def _address(row, contact, kind):
    def text(*names):
        return next((value for name in names if (value := as_text(row.get(name)))), "")

    return Address(
        id=text("id"), contact=str(contact), kind=kind, name=text("primary_name"),
        attention=text("contact"), first=text("name_first", "contact_first"),
        last=text("name_last", "contact_last"), title=text("title", "flex_field_1"),
        street=text("address1"), street2=text("address2"), city=text("city"),
        state=text("state"), zip=text("postal_code"), country=text("country"),
        emails=(text("email", "email1"), text("email2"), text("email3"), text("email4")),
        phones=tuple(text(f"telephone{number}") for number in range(1, 5)),
        website=text("website"), notes=text("notes"),
    )  # fmt: skip
