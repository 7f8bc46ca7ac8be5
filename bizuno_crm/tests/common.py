"""One user per kind of person, and factories for the documents of the tests."""

import gc

from odoo import Command
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
        cls.users = cls._create_users("bizuno", PEOPLE, cls.env.companies)
        cls.customer = cls._create_customer()

    def setUp(self):
        super().setUp()
        # An environment remembers the time zone of its user as long as it lives. When Python ends
        # those that nobody needs must not decide how many queries a test counts.
        gc.disable()
        self.addCleanup(gc.enable)

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

    @classmethod
    def _create_users(cls, prefix, groups, companies=None):
        """
        :param str prefix: of their logins
        :param dict groups: {name of the user: groups}
        :param companies: where they may work; by default in the company of the tests alone
        :return: {name: user}
        """
        companies = companies or cls.env.company
        return {
            name: new_test_user(
                cls.env,
                login=f"{prefix}_{name}",
                groups=own,
                company_id=cls.env.company.id,
                company_ids=[Command.set(companies.ids)],
                tz="UTC",
            )
            for name, own in groups.items()
        }

    @classmethod
    def _set_up_strangers(cls, prefix, groups):
        """`self.people` work in the company of the tests, and `self.other` is none of theirs."""
        cls.other = cls.setup_other_company()["company"]
        cls.people = cls._create_users(prefix, groups)
