from odoo import api, fields, models

from ... import messages

#: The field that holds what was chosen, by kind.
FIELDS = {
    "user": "user_id",
    "account": "account_id",
    "tax": "tax_id",
    "store": "store_id",
    "pricelist": "pricelist_id",
}


class BizunoImportChoice(models.TransientModel):
    """What something of Bizuno's is in Odoo: chosen for a run, which remembers it for the next."""

    _name = "bizuno.import.choice"
    _description = "Choice for a Move from Bizuno"
    _order = "kind, code"
    _check_company_auto = True

    wizard_id = fields.Many2one(comodel_name="bizuno.import", required=True, ondelete="cascade")
    company_id = fields.Many2one(comodel_name="res.company", related="wizard_id.company_id")
    kind = fields.Selection(
        selection=lambda self: messages.import_choice_kinds(self.env), required=True, readonly=True
    )
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(string="In Bizuno", readonly=True)
    hint = fields.Char(string="As", readonly=True)
    is_remembered = fields.Boolean(
        string="Chosen Before", readonly=True, help="Chosen for the last run."
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="In Odoo",
        domain=[("share", "=", False)],
        help="The user who takes over the contacts, calls, projects and reminders. If empty, the "
        "contacts have no sales rep, the calls are logged under your name with the original name "
        "in the notes, and the reminders are left out.",
    )
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account in Odoo",
        check_company=True,
        help="The default account of contacts that use this one in Bizuno.",
    )
    tax_id = fields.Many2one(
        comodel_name="account.tax",
        string="Tax in Odoo",
        check_company=True,
        help="The default tax of contacts with this rate in Bizuno.",
    )
    store_id = fields.Many2one(
        comodel_name="res.company",
        string="Company in Odoo",
        help="The company that matches this store. If empty, the store becomes a contact with the "
        "role Branch.",
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Pricelist in Odoo",
        check_company=True,
        help="The pricelist that matches this price sheet. If empty, a new pricelist is created "
        "from it.",
    )

    @api.model
    def _get_vals(self, kind, choice, proposal):
        """
        :param choice: `logic.bizuno_dump.choices.Choice`
        :param proposal: (id or False, whether it was chosen the last time)
        :return: the values of the line
        """
        label = f"{choice.code} {choice.label}".strip() if kind in ("account", "tax") else ""
        hint = "" if kind == "account" else choice.hint
        return {
            "kind": kind,
            "code": choice.code,
            "name": label or choice.label or choice.code,
            "hint": f"{hint} %" if kind == "tax" and hint else hint,
            FIELDS[kind]: proposal[0],
            "is_remembered": proposal[1],
        }

    def _get_mapping(self):
        """:return: {kind: {code: id or False}}, as a run keeps it"""
        mapping = {kind: {} for kind in FIELDS}
        for line in self:
            mapping[line.kind][line.code] = line[FIELDS[line.kind]].id
        return mapping
