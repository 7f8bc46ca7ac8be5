"""One user per kind of person, and factories for the documents of the tests."""

import gc

from odoo import Command
from odoo.addons.account.models.chart_template import AccountChartTemplate
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import BaseCommon
from odoo.modules import load_script
from odoo.tests import new_test_user
from odoo.tools.misc import file_path

from .common_kept import Kept

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

_find_charts = AccountChartTemplate._get_chart_template_mapping
_charts = {}


def _get_charts(self, get_all=False):
    """Odoo looks them up in the code of all its modules, for each class of tests several times."""
    if get_all not in _charts:
        _charts[get_all] = _find_charts(self, get_all)
    return _charts[get_all]


def migrate(env, name):
    """One step of an update.

    :param name: the script below migrations/
    """
    script = load_script(file_path(f"bizuno_crm/migrations/{name}.py"), "bizuno_migration")
    script.migrate(env.cr, "19.0.1.0.0")
    env.invalidate_all()


class _People:
    """`self.users[...]` for each of PEOPLE, and a customer."""

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
        logins = [f"{prefix}_{name}" for name in groups]
        # as Odoo's new_test_user does, which takes twice as long for one after the other
        users = cls.env["res.users"].create([
            {
                "name": f"{login} ({own})",
                "login": login,
                "password": login.ljust(8, "x"),
                "email": f"{login[0]}.{login[0]}@example.com",
                "group_ids": [Command.set([cls.env.ref(group).id for group in own.split(",")])],
                "company_id": cls.env.company.id,
                "company_ids": [Command.set(companies.ids)],
                "tz": "UTC",
            }
            for login, own in zip(logins, groups.values(), strict=True)
        ])  # fmt: skip
        return {name: user.with_prefetch() for name, user in zip(groups, users, strict=True)}


class BizunoCommon(_People, AccountTestInvoicingCommon):
    """A company with a chart of accounts, and `self.users[...]` for each of PEOPLE.

    Tests run as the accountant of AccountTestInvoicingCommon unless they say otherwise:
    `record.with_user(self.users["rep"])`.
    """

    @classmethod
    def setUpClass(cls):
        if KEPT.is_wanted and KEPT.serves(cls):
            KEPT.begin(cls)
        else:
            super().setUpClass()

    @classmethod
    def setup_independent_company(cls, **kwargs):
        cls.classPatch(AccountChartTemplate, "_get_chart_template_mapping", _get_charts)
        return super().setup_independent_company(**kwargs)

    @classmethod
    def _set_up_strangers(cls, prefix, groups):
        """`self.people` work in the company of the tests, and `self.other` is none of theirs."""
        cls.other = cls.setup_other_company()["company"]
        cls.people = cls._create_users(prefix, groups)


KEPT = Kept(BizunoCommon)


class BizunoLightCommon(_People, BaseCommon):
    """The same people in a company without a chart of accounts, for tests that book nothing: the
    chart takes most of the time of a class that has few tests."""

    @classmethod
    def setup_independent_user(cls):
        # as AccountTestInvoicingCommon does
        return new_test_user(
            cls.env,
            login="accountman",
            password="accountman",
            group_ids=cls.get_default_groups().ids,
            company_id=cls.env.company.id,
        )

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.env.ref("account.group_account_manager")
            | cls.env.ref("account.group_account_user")
        )

    @classmethod
    def setup_independent_company(cls, **kwargs):
        return cls._create_company(name="Company without Accounts", **kwargs)
