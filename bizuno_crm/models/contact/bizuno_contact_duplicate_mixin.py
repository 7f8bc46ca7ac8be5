from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ...logic.phone import digits_of, pattern_of
from ...logic.tax_number import MIN_LENGTH, plain_number


class BizunoContactDuplicateMixin(models.AbstractModel):
    """Which other contact is probably the same: while one is typed, that with its e-mail or
    telephone; once it is saved, those with its e-mail or tax number."""

    _name = "bizuno.contact.duplicate.mixin"
    _description = "Contact That May Be There Already"

    @api.depends("email", "phone", "parent_id")
    def _compute_duplicate_id(self):
        # Only in a form where one of the two was changed: opening a contact costs nothing.
        for partner in self:
            duplicates = not partner.id and partner._find_typed_duplicates()
            partner.duplicate_id = duplicates and duplicates[0]
            partner.other_duplicate_id = duplicates and duplicates[1]

    def _find_typed_duplicates(self):
        """:return: another contact with the e-mail (or else with the telephone) that was just
        typed, and one more with the telephone; both may be none"""
        known, domains = self._origin, []
        email = self.email_normalized
        if email and email != known.email_normalized:
            domains.append(Domain("email_normalized", "=", email))
        digits = digits_of(self.phone)
        if digits and digits != digits_of(known.phone):
            domains.append(Domain("phone", "=like", pattern_of(digits)))
        if not domains:
            return self.browse(), self.browse()
        candidates = self.with_context(active_test=False).search(
            Domain.OR(domains) & Domain("id", "not in", known.ids), limit=20
        )
        family = (known | self.parent_id._origin).commercial_partner_id
        candidates = candidates.filtered(
            lambda candidate: candidate.commercial_partner_id not in family
        )
        of_email = candidates.filtered(
            lambda candidate: email and candidate.email_normalized == email
        )
        # The pattern finds the digits in their order, whatever stands between them.
        of_phone = candidates.filtered(
            lambda candidate: digits and digits_of(candidate.phone) == digits
        )
        first = (of_email or of_phone)[:1]
        others = of_phone.filtered(
            lambda candidate: candidate.commercial_partner_id != first.commercial_partner_id
        )
        return first, others[:1]

    def _find_registered_duplicates(self):
        """Which other contacts have the same e-mail address or tax number.

        :return: {contact id: contacts}, archived ones included
        """
        emails, numbers = defaultdict(list), defaultdict(list)
        for contact in self:
            # of several addresses in the field the first one, as of the other contacts
            if email := contact.email_normalized:
                emails[email].append(contact)
            if number := plain_number(contact.vat):
                numbers[number].append(contact)
        spelled = Domain.OR(
            # in their order, whatever stands between them: what is found is compared below
            Domain("vat", "=ilike", f"%{'%'.join(number)}%")
            for number in numbers
            if len(number) >= MIN_LENGTH
        )
        short = [contact.vat for contacts in numbers.values() for contact in contacts]
        partners = self.with_context(active_test=False).search(
            Domain("email_normalized", "in", list(emails)) | Domain("vat", "in", short) | spelled
        )
        candidates = {contact.id: self.browse() for contact in self}
        for partner in partners:
            same = emails[partner.email_normalized] + numbers[plain_number(partner.vat)]
            for contact in same:
                if partner.commercial_partner_id != contact.commercial_partner_id:
                    candidates[contact.id] |= partner
        return candidates
