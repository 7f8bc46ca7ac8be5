from dataclasses import replace
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang

from ... import messages
from ...logic import terms

# Who sees a customer's limit: those to whom Odoo shows it, and who may give or change it here.
ACCOUNT_READERS = (
    "account.group_account_invoice,account.group_account_readonly,bizuno_crm.group_customer_add"
)
# What the code of a contact's terms and their words follow from.
_OF_TERMS = (
    "credit_limit",
    "property_payment_term_id.bizuno_type",
    "property_payment_term_id.date_due",
    "property_payment_term_id.early_discount",
    "property_payment_term_id.line_ids.nb_days",
    "property_payment_term_id.line_ids.delay_type",
)


class BizunoTermsMixin(models.AbstractModel):
    """Bizuno's terms: payment term and credit limit in one code, and in words. The payment term and
    the limit decide; the code follows from them."""

    _name = "bizuno.terms.mixin"
    _description = "Contact with Terms"

    @api.model
    def _check_terms_agree(self, vals):
        """
        :raise ValidationError: if a code of terms and a limit, or a payment term, that are given
            together say different things
        """
        if not vals.get("bizuno_terms") or not {"credit_limit", "property_payment_term_id"} & {
            *vals
        }:
            return
        wanted = self._parse_terms(vals["bizuno_terms"])
        name = vals.get("name") or ", ".join(self.mapped("display_name"))
        if "credit_limit" in vals:
            limit = _to_decimal(vals["credit_limit"])
            if limit != wanted.credit_limit:
                raise ValidationError(
                    messages.terms_contradict_limit(
                        self.env, name, vals["bizuno_terms"], terms.plain(limit)
                    )
                )
        if "property_payment_term_id" in vals:
            term = self.env["account.payment.term"].sudo().browse(vals["property_payment_term_id"])
            known = term._get_bizuno_terms()
            if known is None or known.effect != wanted.effect:
                raise ValidationError(
                    messages.terms_contradict_payment_term(
                        self.env, name, vals["bizuno_terms"], term.name
                    )
                )

    @api.depends("bizuno_terms_written", *_OF_TERMS)
    @api.depends_context("company")
    def _compute_bizuno_terms(self):
        """For readers of the limit only (groups of the field); terms that Bizuno cannot express
        are empty."""
        for partner in self:
            account = partner.sudo()
            known = account.property_payment_term_id._get_bizuno_terms()
            if account.bizuno_terms_written:
                written = terms.parse(account.bizuno_terms_written)
                if known and known.effect == written.effect:
                    known = written
            partner.bizuno_terms = known and terms.encode(account._with_own_limit(known))

    @api.depends("property_payment_term_id.name", *_OF_TERMS)
    @api.depends_context("company", "uid", "lang")
    def _compute_terms_text(self):
        """As the system: a rep may know when a customer's invoices are due, which they say anyway.
        The limit is left out for who may not see it."""
        sees_limit = self.env.su or self.env.user.has_groups(ACCOUNT_READERS)
        currency = self.env.company.currency_id if sees_limit else None
        # A form without Odoo's field of the limit does not know that of a new contact yet.
        has_limit = self._has_field_access(self._fields["credit_limit"], "read")
        for partner in self:
            account = partner.sudo()
            term = account.property_payment_term_id
            known = term._get_bizuno_terms()
            wanted = account._with_own_limit(known or terms.Terms())
            if not has_limit and not partner._origin:
                limit = account._get_limit_to_come(self.env.company)
                wanted = replace(wanted, credit_limit=_to_decimal(limit))
            partner.terms_text = self._get_terms_text(
                wanted, currency, None if known else term.name
            )

    @api.model
    def _get_terms_text(self, wanted, currency, name=None):
        """Terms in words, such as “2 % 10, net 30 · limit $ 5,000”.

        :param wanted: `logic.terms.Terms`
        :param currency: of the limit; None leaves the limit out
        :param name: in place of what is said about the due date, for terms that have no code
        """
        parts = [name or self._get_due_text(wanted)]
        if currency is not None:
            limit = float(wanted.credit_limit)
            if limit:
                unit = "units" if limit == int(limit) else "decimals"
                amount = formatLang(self.env, limit, currency_obj=currency, rounding_unit=unit)
                parts.append(self.env._("limit %(amount)s", amount=amount))
            else:
                parts.append(self.env._("no limit"))
        return " · ".join(parts)

    @api.model
    def _get_due_text(self, wanted):
        if wanted.type == terms.COD:
            due = self.env._("cash on delivery")
        elif wanted.type == terms.PREPAID:
            due = self.env._("prepaid")
        elif wanted.type == terms.ON_DATE:
            due = self.env._("due on %(date)s", date=format_date(self.env, wanted.due_date))
        elif wanted.type == terms.END_OF_MONTH:
            due = self.env._("end of month")
        elif wanted.due_days:
            due = self.env._("net %(days)s", days=wanted.due_days)
        else:
            due = self.env._("due on receipt")
        if wanted.early_discount:
            percent, days = wanted.early_discount
            due = self.env._(
                "%(percent)s %% %(days)s, %(due)s",
                percent=formatLang(self.env, float(percent), digits=_decimals(percent)),
                days=days,
                due=due,
            )
        return due[:1].upper() + due[1:]

    def _inverse_bizuno_terms(self):
        # Payment terms are made, and the limit is written, for people who have the right on the
        # customer's account but none on accounting's configuration: `write` has checked it.
        for text, partners in self.grouped("bizuno_terms").items():
            if text:
                wanted = self._parse_terms(text)
                term = self.env["account.payment.term"].sudo()._get_for_bizuno(wanted)
                partners.sudo().write(
                    {
                        "property_payment_term_id": term.id,
                        "credit_limit": float(wanted.credit_limit),
                        "bizuno_terms_written": terms.encode(wanted),
                    }
                )
            else:
                partners.invalidate_recordset(["bizuno_terms"], flush=False)

    def _with_own_limit(self, known):
        """:return: these `logic.terms.Terms` with the contact's credit limit"""
        return replace(known, credit_limit=_to_decimal(self.credit_limit))

    @api.model
    def _parse_terms(self, text):
        """
        :return: `logic.terms.Terms`
        :raise ValidationError: one sentence that names the wrong part
        """
        try:
            return terms.parse(text)
        except terms.TermsError as error:
            raise ValidationError(messages.terms_refused(self.env, error)) from None


def _to_decimal(limit):
    # A limit below zero has no code; Odoo, too, takes it for “always over the limit”.
    return max(Decimal(str(limit or 0)), Decimal(0)).quantize(Decimal("0.000001"))


def _decimals(number):
    """How many decimals a number needs."""
    return max(-number.normalize().as_tuple().exponent, 0)
