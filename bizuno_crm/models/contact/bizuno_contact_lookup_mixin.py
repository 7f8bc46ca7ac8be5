from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...logic import contact_id, phone


class BizunoContactLookupMixin(models.AbstractModel):
    """What somebody who looks a contact up finds first: the one whose Contact ID was typed, and on
    a document the addresses of its customer.

    Only where a person looks something up, in a field or in the search box of a list: every other
    search of contacts is Odoo's. What comes first is searched for by itself, through an index; one
    search in an order of ours would sort all that the text finds.
    """

    _name = "bizuno.contact.lookup.mixin"
    _description = "Contact Looked up by Its Contact ID"

    lookup_text = fields.Char(
        string="Phone, Person or Document",
        store=False,
        readonly=True,
        search="_search_lookup_text",
    )

    @api.model
    def _search_lookup_text(self, operator, value):
        if operator != "ilike" or not isinstance(value, str):
            return NotImplemented
        return self._get_lookup_domain(value.strip())

    @api.model
    def _get_lookup_domain(self, text):
        """Whom somebody on the telephone means, beside those who are called so: the number that he
        calls from, his own name or e-mail address where the account is his company's.

        :return: a domain on contacts
        """
        if not text:
            return Domain.FALSE
        contacts = self.with_context(active_test=False)
        named = Domain("complete_name", "ilike", text) | Domain("email", "ilike", text)
        called = Domain.FALSE
        digits = phone.digits_typed(text)
        if digits:
            candidates = contacts.search_fetch(
                [("phone", "=like", phone.pattern_of(digits))], ["phone"]
            )
            called = Domain(
                "id",
                "in",
                candidates.filtered(
                    lambda candidate: phone.has_digits(candidate.phone, digits)
                ).ids,
            )
        people = contacts._search((named | called) & Domain("parent_id", "!=", False))
        accounts = people.subselect(SQL.identifier(people.table, "commercial_partner_id"))
        return called | Domain("id", "in", accounts)

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """As Odoo's, with the contact whose Contact ID is exactly `name` in the first place."""
        name = (name or "").strip()
        is_look_up = contact_id.key(name) and operator in ("ilike", "=ilike", "like", "=")
        exact = self._find_typed([name]) if is_look_up else []
        family = self._get_family_domains()
        if not family:
            results = super().name_search(name, domain, operator, limit)
            if {*exact} <= {id_ for id_, _name in results}:
                return sorted(results, key=lambda result: result[0] not in exact)
        # The Contact ID may be written otherwise than it was typed.
        groups = [("", "ilike", group) for group in self._get_exact_domains(exact)]
        groups += [(name, operator, group) for group in family]
        rest = Domain(domain or Domain.TRUE)
        results = []
        for text, how, group in [*groups, (name, operator, Domain.TRUE)]:
            if limit and len(results) >= limit:
                break
            left = limit and limit - len(results)
            results += super().name_search(text, rest & group, how, left)
            rest &= ~group
        return results

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """As Odoo's; in the order of the model, the contact whose Contact ID was typed into the
        search box comes first. The search view puts it into the context."""
        domain = Domain(domain)
        typed = self._get_typed_texts()
        if any(contact_id.key(text) != text.strip().lower() for text in typed):
            domain = self._widen_to_look_alikes(domain, typed)
        first = self.browse()
        if not order or order == self._order:
            for group in (
                *self._get_exact_domains(self._find_typed(typed)),
                *self._get_family_domains(),
            ):
                first += self.search(domain & group & Domain("id", "not in", first.ids))
        if not first:
            return super().web_search_read(domain, specification, offset, limit, order, count_limit)
        head = first[offset : offset + limit] if limit else first[offset:]
        if not limit or len(head) < limit:
            head += self.search_fetch(
                domain & Domain("id", "not in", first.ids),
                specification.keys(),
                offset=max(offset - len(first), 0),
                limit=limit and limit - len(head),
                order=order,
            )
        return self._format_web_search_read_results(
            domain, head.web_read(specification), offset, limit, count_limit
        )

    @api.model
    def _get_exact_domains(self, exact):
        return [Domain("id", "in", exact)] if exact else []

    @api.model
    def _get_family_domains(self):
        """An order puts its customer into the context of its addresses."""
        family = self.env.context.get("contact_family_first")
        return [Domain("parent_id", "=", family)] if isinstance(family, int) and family else []

    @api.model
    def _get_typed_texts(self):
        typed = self.env.context.get("contact_id_first")
        texts = [str(text) for text in (typed if isinstance(typed, list) else [typed]) if text]
        return [text for text in texts if contact_id.key(text)]

    @api.model
    def _find_typed(self, texts):
        """:return: ids of the contacts that have one of these Contact IDs, whoever may see them"""
        if not texts:
            return []
        rows = self.env.execute_query(
            SQL(
                # child contacts may have one as well, and are found by how it is written
                "%s UNION SELECT id FROM res_partner WHERE ref = ANY(%s)",
                self._select_contact_ids(self._keys_of_texts(texts)),
                [contact_id.clean(text) for text in texts],
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _widen_to_look_alikes(self, domain, texts):
        """Where the Contact ID is searched for, find also who has one that is compared as the same,
        though it is written otherwise."""
        ids = self.env.execute_query(self._select_contact_ids(self._keys_of_texts(texts)))
        look_alikes = Domain("id", "in", [row[0] for row in ids])
        return domain.map_conditions(
            lambda condition: (
                condition | look_alikes
                if condition.field_expr in ("ref", "display_name") and condition.operator == "ilike"
                else condition
            )
        )
