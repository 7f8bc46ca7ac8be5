from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import clean_context

from ... import messages


class ResPartner(models.Model):
    # The person of a lead that is a company, on the lead itself: a business card is one page.

    _inherit = "res.partner"

    lead_contact_name = fields.Char(
        string="Contact Name",
        compute="_compute_lead_person",
        inverse="_inverse_lead_person",
        help="The first of the contacts of this company.",
    )
    lead_contact_function = fields.Char(
        string="Contact's Job Position",
        compute="_compute_lead_person",
        inverse="_inverse_lead_person",
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
            lambda one: one.type == "contact" and one.active and not one.is_company
        )
        return people.sorted(lambda one: one._origin.id or 0)[:1]
