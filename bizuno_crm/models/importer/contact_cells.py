"""Contacts of Odoo as rows of Bizuno's own contact export."""

from babel.core import get_global
from odoo import fields

from ... import messages
from ...logic import terms as terms_codec
from ...logic.bizuno_dump.contact_rows import as_flag, in_bizunos_words, one_line, split_name
from ...logic.bizuno_dump.contact_tags import COLUMNS
from ...logic.bizuno_dump.contacts import STATUSES

#: What is read of a contact; who may not read one of them cannot export.
FIELDS = (
    "name", "is_company", "function", "ref", "account_status", "street", "street2", "city", "zip",
    "state_id", "country_id", "email", "phone", "website", "vat", "account_number", "tax_exempt",
    "marketplace",
    "user_id", "bizuno_terms", "property_supplier_payment_term_id", "property_income_account_id",
    "specific_property_product_pricelist", "role_customer", "role_vendor", "role_employee",
    "role_branch", "role_lead", "role_user", "role_project",
)  # fmt: skip
_CODES = {status: code for code, status in STATUSES.items()}
# Of two codes for one country, those that are withdrawn.
_WITHDRAWN = ("BUR", "DDR", "FXX", "TMP", "YMD", "ZAR")


class ContactCells:
    """Makes rows of contacts.

    :param env: of who reads the contacts, in the company whose terms and accounts are told
    """

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self._reps = self._sheets = self._countries = None

    def of(self, partners):
        """
        :param partners: top-level contacts
        :return: {id: {tag: text}}, without what is empty; constant in queries
        """
        partners = partners.with_env(self.env).with_context(active_test=False)
        people = self._get_people(partners)
        return {
            partner.id: self._cells(partner, people.get(partner.id, {})) for partner in partners
        }

    def merged(self, partners):
        """As `of`; but what has come from Bizuno and was not changed here since is told in
        Bizuno's own words: a zero, a code or an id for which Odoo has no place."""
        records = self._get_records([("res_id", "in", partners.ids)], ["cells", "res_id"])
        kept = {record.res_id: record.cells for record in records if record.cells}
        return {
            id_: in_bizunos_words(cells, kept[id_]) if id_ in kept else cells
            for id_, cells in self.of(partners).items()
        }

    def _get_records(self, domain, names):
        # Who may read the contacts may know what they were in Bizuno.
        records = self.env["bizuno.import.record"].sudo()
        return records.search_fetch(
            [("company_id", "=", self.company.id), ("res_model", "=", "res.partner"), *domain],
            names,
            order="id",
        )

    def _get_people(self, partners):
        """:return: {id of a contact: {part of its row: the contact of it that stands for that}}"""
        children = partners.search_fetch(
            # One that is archived stands for nothing any more.
            [("parent_id", "in", partners.ids), ("type", "=", "contact"), ("active", "=", True)],
            ["name", "function", "email", "phone", "parent_id"],
            order="id",
        )
        records = self._get_records([("res_id", "in", children.ids)], ["key", "res_id"])
        parts = {record.res_id: record.key.split(".")[2:] for record in records}
        named = {}
        # In the language in which contacts come over, and in that of the user.
        for lang in (self.company.partner_id.lang, self.env.lang):
            env = self.env["base"].with_context(lang=lang).env
            for number, name in enumerate(messages.import_offices(env), 2):
                named[name] = f"email{number}"
            for number in (2, 3, 4):
                named[messages.import_telephone(env, number)] = f"telephone{number}"
        people = {}
        for child in children:
            if part := (parts.get(child.id) or [named.get(child.name)])[0]:
                people.setdefault(child.parent_id.id, {}).setdefault(part, child)
        return people

    def get_part(self, partners):
        """:return: {(id of a contact, part): id of the contact of it}"""
        return {
            (id_, part): child.id
            for id_, people in self._get_people(partners).items()
            for part, child in people.items()
        }

    def _cells(self, partner, people):
        empty = partner.browse()
        person = people.get("person", empty)
        first, last = split_name(person.name if partner.is_company else partner.name)
        cells = {
            "branch": as_flag(partner.role_branch),
            "customer": as_flag(partner.role_customer),
            "employee": as_flag(partner.role_employee),
            "crm": as_flag(partner.role_lead),
            "project": as_flag(partner.role_project),
            "user": as_flag(partner.role_user),
            "vendor": as_flag(partner.role_vendor),
            "Attachment": "0",
            "ContactID": partner.ref,
            "Status": _CODES[partner.account_status],
            "StoreID": "0",
            "TaxExempt": as_flag(partner.tax_exempt),
            "TaxRateID": "0",
            "DeptRepID": self._rep(partner.user_id),
            "PriceSheetID": self._sheet(partner.specific_property_product_pricelist),
            "Terms": self._terms(partner),
            "FirstName": first,
            "LastName": last,
            "Title": person.function if partner.is_company else partner.function,
            "PrimaryName": partner.name,
            "Contact": people.get("attention", empty).name,
            "Address1": partner.street,
            "Address2": partner.street2,
            "City": partner.city,
            "State": partner.state_id.code,
            "PostalCode": partner.zip,
            "CountryISO3": self._country(partner.country_id),
            "Email": partner.email,
            "Telephone1": partner.phone,
            "Website": partner.website,
            "AccountNumber": partner.account_number,
            "Marketplace": as_flag(partner.marketplace),
            "GovID": partner.vat,
            "DefaultGLAccount": partner.property_income_account_id.sudo().code,
            "DateCreated": self._day(partner.create_date),
            "DateLastEntry": self._day(partner.write_date),
        }
        for number in (2, 3, 4):
            cells[f"Email{number}"] = people.get(f"email{number}", empty).email
            cells[f"Telephone{number}"] = people.get(f"telephone{number}", empty).phone
        if partner.role_employee:
            cells |= {"AccountNumber": "", "GovID": ""}
        return {tag: one_line(cells[tag]) for tag in COLUMNS if cells.get(tag)}

    def _terms(self, partner):
        if partner.role_customer or partner.role_lead:
            return partner.bizuno_terms or "0"
        if partner.role_vendor and partner.property_supplier_payment_term_id:
            known = partner.property_supplier_payment_term_id.sudo()._get_bizuno_terms()
            return terms_codec.encode(known) if known else "0"
        return "0"

    def _rep(self, user):
        if self._reps is None:
            run = self.env["bizuno.import.run"].sudo()
            run = run.search(
                [("company_id", "=", self.company.id), ("state", "=", "done")], limit=1
            )
            chosen = (run.mapping or {}).get("user", {})
            self._reps = {here: theirs for theirs, here in chosen.items() if here}
        return self._reps.get(user.id, "0")

    def _sheet(self, pricelist):
        if self._sheets is None:
            records = self.env["bizuno.import.record"].sudo()
            sheet_records = records.search_fetch(
                [("company_id", "=", self.company.id), ("res_model", "=", "product.pricelist")],
                ["key", "res_id"],
            )
            self._sheets = {record.res_id: record.key.split(".")[-1] for record in sheet_records}
        return self._sheets.get(pricelist.id, "0")

    def _country(self, country):
        if self._countries is None:
            self._countries = {
                short[0]: code
                for code, short in get_global("territory_aliases").items()
                if len(code) == 3 and code.isalpha() and len(short) == 1 and code not in _WITHDRAWN
            }
        return self._countries.get(country.code, country.code)

    def _day(self, moment):
        return moment and str(fields.Datetime.context_timestamp(self.env.user, moment).date())
