"""One user per kind of person, and factories for the documents of the tests."""

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import new_test_user

# The people the addon is for, with the rights that Odoo gives them and nothing more: what they
# may do in Bizuno CRM follows from those (security/res_groups.xml).
PEOPLE = {
    "rep": "sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
    "sales_manager": "sales_team.group_sale_manager,base.group_partner_manager",
    "bookkeeper": "account.group_account_invoice,base.group_partner_manager",
    "accountant": "account.group_account_manager,base.group_partner_manager",
    "bizuno_manager": "bizuno_crm.group_manager,base.group_partner_manager",
    "employee": "base.group_user",
}


class BizunoCommon(AccountTestInvoicingCommon):
    """A company with a chart of accounts, and `self.users[...]` for each of PEOPLE.

    Tests run as the accountant of AccountTestInvoicingCommon unless they say otherwise:
    `record.with_user(self.users["rep"])`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: new_test_user(
                cls.env,
                login=f"bizuno_{name}",
                groups=groups,
                company_id=cls.env.company.id,
                company_ids=[(6, 0, cls.env.companies.ids)],
                tz="UTC",
            )
            for name, groups in PEOPLE.items()
        }
        cls.customer = cls._create_customer()

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.env.ref("base.group_system")
            | cls.env.ref("sales_team.group_sale_manager")
        )

    @classmethod
    def _create_customer(cls, name="Harbour Supply", **values):
        return cls.env["res.partner"].create({"name": name, "role_customer": True, **values})
