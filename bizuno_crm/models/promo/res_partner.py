from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

from ... import messages


class ResPartner(models.Model):
    # The newsletter opt-in, and the promotions a contact got.

    _inherit = "res.partner"

    newsletter = fields.Boolean(
        copy=False,
        tracking=True,
        help="Agreed to receive promotions at this e-mail address. If the address changes, it is "
        "cleared until it is ticked again.",
    )
    newsletter_date = fields.Datetime(
        string="Newsletter Choice Date", copy=False, readonly=True, index="btree_not_null"
    )
    newsletter_source = fields.Selection(
        selection=[
            ("manual", "Entered by a user"),
            ("portal", "The contact, in the portal"),
            ("unsubscribe", "The contact, by the unsubscribe link"),
            ("blacklist", "Blacklisted by a user"),
        ],
        string="Newsletter Choice Source",
        copy=False,
        readonly=True,
    )
    promo_recipient_ids = fields.One2many(
        comodel_name="bizuno.promo.recipient",
        inverse_name="partner_id",
        string="Promotions",
        groups="bizuno_crm.group_promo_read",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_newsletter_facts(vals_list)
        # A choice that comes from the context or from a saved default is one all the same; when and
        # how it was made does not come from there.
        default = self.default_get(["newsletter"])
        nothing = {"newsletter_date": False, "newsletter_source": False}
        vals_list = [
            (self._get_newsletter_facts() if {**default, **vals}.get("newsletter") else nothing)
            | vals
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        self._check_newsletter_facts([vals])
        if "newsletter_date" in vals or not {"email", "newsletter"} & vals.keys():
            return super().write(vals)
        before = self._get_choices_of_addresses() if "email" in vals else {}
        chosen = bool(vals.get("newsletter"))
        changed = self.filtered(lambda p: "newsletter" in vals and p.newsletter != chosen)
        result = super().write(vals)
        moved = [
            record for record, choice in before.items() if record.email_normalized != choice[0]
        ]
        agreed = self.sudo().browse().concat(*moved).filtered("newsletter")
        if chosen:
            changed |= agreed  # said of the new address
        if changed:
            changed._choose_newsletter(chosen, self._get_newsletter_facts()["newsletter_source"])
        # A yes is one to mails at that address; a no is the person's, too.
        (agreed - changed)._forget_newsletter_choice()
        self._keep_refusals([before[contact] for contact in moved])
        return result

    def unlink(self):
        before = self._get_choices_of_addresses()
        result = super().unlink()
        self._keep_refusals([*before.values()])
        return result

    def action_view_promotions(self):
        """:return: the action that lists the promotions sent to this contact
        :raise AccessError: without the right to see promotions"""
        self.ensure_one()
        self.env["bizuno.promo.recipient"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_promo_recipient_action"
        )
        return {**action, "domain": [("partner_id", "=", self.id)]}

    def _promo_field_values(self, email):
        """What may be known of a contact in the text of a promotion: see logic/promo_fields.py.

        :param str email: the address it goes to
        :rtype: dict
        """
        partner = self.sudo()
        account = partner.commercial_partner_id
        company = account.name if account.is_company else partner.company_name
        salesperson = partner.user_id or account.user_id
        return {
            "name": partner.name or company,
            "company": company or partner.name,
            "id": partner.ref or account.ref,
            "salesperson": salesperson.name,
            "email": email_normalize(email or "") or email,
            "city": partner.city or account.city,
        }

    def _get_newsletter_facts(self):
        source = "manual" if self.env.user._is_internal() else "portal"
        return {"newsletter_date": fields.Datetime.now(), "newsletter_source": source}

    def _check_newsletter_facts(self, vals_list):
        """When and how somebody agreed is evidence: the server writes it down, or a manager who
        imports it."""
        if self.env.su or self.env.user.has_group("bizuno_crm.group_manager"):
            return
        if any(vals.keys() & {"newsletter_date", "newsletter_source"} for vals in vals_list):
            raise AccessError(messages.newsletter_facts_fixed(self.env))

    def _choose_newsletter(self, chosen, source):
        """The one place where a choice is made: with its date and source, and an opt-out with an
        entry in the log.

        :param bool chosen: yes or no
        :param str source: a value of `newsletter_source`
        """
        # Past our own `write`, which would take it for another choice.
        # pylint: disable=super-method-mismatch,missing-return
        super().write({
            "newsletter": chosen,
            "newsletter_date": fields.Datetime.now(),
            "newsletter_source": source,
        })  # fmt: skip
        if not chosen:
            self._log_newsletter_opt_out(source)

    def _get_choices_of_addresses(self):
        """:return: {contact, as the system: as `_get_newsletter_choice`} of those who have chosen,
        but for the user, who may say of an own new address what was said of the old one"""
        return {
            record: record._get_newsletter_choice()
            for record in self.sudo() - self.env.user.partner_id
            if record.newsletter_date
        }

    @api.model
    def _keep_refusals(self, choices):
        """An address that has said no goes on saying so when nobody has it any more who said it: it
        is blacklisted, so that a contact who has it as well, or gets it, is not subscribed.

        :param list choices: of `_get_newsletter_choice`, of contacts that have another address now
            or none
        """
        refused = {
            address: when
            for address, when, is_no, values in sorted(choices, key=lambda choice: choice[1])
            if address and is_no and values["newsletter_date"]
        }
        if not refused:
            return
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        known = partners.search(
            [("email_normalized", "in", [*refused]), ("newsletter_date", "!=", False)],
            order="newsletter_date, newsletter desc, id",
        )
        # who has said it later, or says no all the same
        last = {record.email_normalized: record for record in known}
        blacklist = self.env["mail.blacklist"].sudo()
        for address, when in refused.items():
            contact = last.get(address)
            if contact is None or (contact.newsletter and contact.newsletter_date <= when):
                blacklist._add(address, message=messages.newsletter_refusal_kept(self.env))

    def _newsletter_opt_out(self, source):
        """:param source: a value of `newsletter_source`"""
        changed = self.filtered(
            lambda p: p.newsletter or not p.newsletter_date or p.newsletter_source != source
        )
        changed._choose_newsletter(False, source)
        if source != "portal":
            # Whoever unsubscribes from mails once more does so all the same.
            (self - changed)._log_newsletter_opt_out(source)

    def _newsletter_opt_in(self):
        """The contact's own will, from the portal: it also lifts an earlier unsubscription."""
        for partner in self.sudo():
            if partner.email_normalized:
                self.env["mail.blacklist"].sudo()._remove(partner.email_normalized)
        self.sudo()._choose_newsletter(True, "portal")

    def _log_newsletter_opt_out(self, source):
        action = self.env.ref("bizuno_crm.action_code_unsubscribed", raise_if_not_found=False)
        if not action:
            for partner in self:
                partner._message_log(
                    body=messages.newsletter_unsubscribed(self.env, partner, source)
                )
            return
        # The log shows itself in the chatter. In sudo: the visitor has no rights here.
        self.env["bizuno.contact.log"].sudo().create([
            {
                "partner_id": partner.id,
                # The visitor's company need not be one that knows the contact.
                "company_id": (partner.company_id or self.env.company).id,
                "action_id": action.id,
                "notes": messages.newsletter_unsubscribed(self.env, partner, source),
            }
            for partner in self
        ])  # fmt: skip
