from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import clean_context

from ... import messages

# In the context, by identity, which no remote call can send: this merge is of a lead.
OF_LEAD = object()


class BizunoLeadMixin(models.AbstractModel):
    """A lead, on its way to a customer: who may convert it, and which contact it may be already."""

    _name = "bizuno.lead.mixin"
    _description = "Contact That May Be a Lead"

    def action_convert_lead_to_customer(self):
        """Make leads customers; log, reminders and Contact ID stay.

        A lead whose e-mail or tax number another contact has is not converted: the wizard shows the
        other one and asks whether to merge.

        :return: True, or the action of that wizard
        :raise UserError: for a contact that is not a lead
        :raise AccessError: without Leads: Edit
        """
        self._check_may_convert_lead()
        candidates = self._find_registered_duplicates()
        doubtful = self.filtered(lambda lead: candidates[lead.id])
        (self - doubtful)._convert_lead_to_customer()
        if not doubtful:
            return True
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Convert to Customer"),
            "res_model": "bizuno.lead.convert",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_ids": doubtful.ids},
        }

    def _check_may_convert_lead(self):
        for lead in self:
            if not lead.role_lead:
                raise UserError(messages.lead_not_a_lead(self.env, lead))
            if not self.env.user.has_group("bizuno_crm.group_lead_edit"):
                raise AccessError(messages.lead_conversion_not_allowed(self.env, lead))
        self.check_access("write")

    def _convert_lead_to_customer(self):
        # customer is who is invoiced
        (self | self.commercial_partner_id).filtered(
            lambda partner: partner == partner.commercial_partner_id and not partner.role_customer
        ).role_customer = True
        # the company of a person that was one too
        (self | self.commercial_partner_id).filtered("role_lead").role_lead = False
        for lead in self:
            lead.message_post(body=self.env._("Lead converted to a customer."))
        if self:
            # On a phone the chatter is far below.
            self.env.user._bus_send(
                "simple_notification",
                {"type": "success", "message": messages.leads_converted(self.env, self)},
            )

    def _get_lead_details(self):
        """:return: what tells two contacts of one name apart: ID, city, e-mail, phone, tax ID"""
        self.ensure_one()
        known = (self.ref, self.city, self.email, self.phone, self.vat)
        return " · ".join(filter(None, known))

    def _merge_lead_into(self, target):
        """Merge a lead into an existing contact, by Odoo's own merge.

        What the target has stays, what it is and whose too; only what it lacks comes from the
        lead.
        """
        self.ensure_one()
        self._check_may_convert_lead()
        target.check_access("write")
        if self.sudo().with_context(active_test=False).user_ids and not self.env.user.has_group(
            "base.group_partner_manager"
        ):
            raise AccessError(messages.lead_with_login(self.env, self))
        self._check_account_merge(target, target.sudo().commercial_partner_id)
        name, was_lead = self.display_name, target.role_lead
        # Odoo's wizard is for those who may merge any contacts; here it is one lead, checked above.
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard = wizard.with_context(merge_of=OF_LEAD)
        wizard._merge([self.id, target.id], dst_partner=target.sudo(), extra_checks=False)
        target.invalidate_recordset()
        if not was_lead:
            target.role_lead = False
        account = target.commercial_partner_id
        account.role_customer = True
        if account != target and account.role_lead:
            account.role_lead = False
        target.message_post(
            body=self.env._("The lead %(lead)s was merged into this contact.", lead=name)
        )

    @api.depends("child_ids.name", "child_ids.function", "child_ids.type", "child_ids.active")
    def _compute_lead_person(self):
        for partner in self:
            person = partner._get_lead_person()
            partner.lead_contact_name = person.name
            partner.lead_contact_function = person.function

    def _inverse_lead_person(self):
        for lead in self:
            name = (lead.lead_contact_name or "").strip()
            function = (lead.lead_contact_function or "").strip()
            person = lead._get_lead_person()
            if not name and function:
                raise ValidationError(messages.lead_person_without_name(self.env, lead))
            values = {"name": name, "function": function or False}
            if person and name:
                person.write(values)
            elif name:
                # no lead itself, and a person: the defaults of the page are the company's
                contacts = self.with_context(  # pylint: disable=context-overridden
                    clean_context(self.env.context)
                )
                contacts.create({**values, "parent_id": lead.id, "type": "contact"})

    def _get_lead_person(self):
        """:return: the oldest contact of a company that is no address; maybe none"""
        self.ensure_one()
        people = self.child_ids.filtered(
            lambda child: child.type == "contact" and child.active and not child.is_company
        )
        return people.sorted(lambda person: person._origin.id or 0)[:1]
