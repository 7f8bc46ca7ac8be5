from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    tax_exempt_fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        check_company=True,
        ondelete="set null",
        help="Used on the documents of tax-exempt customers. One without any taxes removes all of "
        "them. Made when it is first needed.",
    )
    bookkeeper_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Is told of tax exemptions that expire. If empty, somebody with invoicing rights is.",
    )

    def _get_tax_exempt_position(self):
        """The fiscal position that removes the taxes; made in the first company that needs it, as
        the system, because it is a sales rep's quotation that may need it first."""
        self.ensure_one()
        company = self.sudo()
        if not company.tax_exempt_fiscal_position_id:
            company.tax_exempt_fiscal_position_id = (
                company.env["account.fiscal.position"]
                .with_company(company)
                .create({"name": self.env._("Tax Exempt"), "company_id": company.id})
            )
        return self.env["account.fiscal.position"].browse(company.tax_exempt_fiscal_position_id.id)

    def _get_bookkeeper(self, administrators=True):
        """Who is told about the account of a customer: the one in the settings, else the first
        user of the company with invoicing rights, an administrator only if there is nobody else.

        :param bool administrators: whether one may be named at all who is not in the settings
        """
        self.ensure_one()
        if self.bookkeeper_id.active:
            return self.bookkeeper_id
        group = self.env.ref("account.group_account_invoice")
        users = self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.ids),
                ("share", "=", False),
            ],
            order="id",
        )
        others = users - self.env.ref("base.group_system").all_user_ids
        return others[:1] or (users[:1] if administrators else users[:0])
