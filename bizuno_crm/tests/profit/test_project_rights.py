from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_profit import ProfitCommon

HIDDEN = ("revenue", "cost", "margin", "margin_percent", "budget_used", "budget_state",
          "to_invoice", "to_pay_in", "to_pay_out")  # fmt: skip


@tagged("post_install", "-at_install")
class TestProjectRights(ProfitCommon):
    """No figure of a project by any of the doors of a page, to who may not see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.budget = 500
        cls.project.user_id = cls.users["rep"]
        cls._move(cls, cls.project, "out_invoice", 321.0).action_post()
        cls._move(cls, cls.project, "in_invoice", 123.0).action_post()
        cls.people = [
            cls.users["rep"],
            new_test_user(
                cls.env, "profit_employee", "base.group_user,bizuno_crm.group_project_full"
            ),
            new_test_user(cls.env, "profit_plain", "base.group_user"),
        ]

    def setUp(self):
        super().setUp()
        for user in [self.users["bookkeeper"], *self.people]:
            user.group_ids |= self.env.ref("base.group_allow_export")

    def _is_open(self, call):
        try:
            with self.env.cr.savepoint():
                call()
        # Odoo's search panel looks for the field among those that the user sees
        except (AccessError, KeyError, UserError, ValueError):
            return False
        return True

    def _find_open(self, doors, user):
        """:return: set of (what is looked at, the door) by which the user comes to something"""
        return {
            (name, door)
            for (name, door), call in doors.items()
            if self._is_open(lambda call=call: call(user))
        }

    def test_no_door_of_the_page_shows_figures_to_others(self):
        def of(user):
            return self.env["bizuno.project"].with_user(user)

        doors, row = {}, self.project.id
        for name in HIDDEN:
            total = f"{name}:sum"
            bar = {"field": name, "colors": {"over": "danger", "near": "warning"}}
            for door, call in {
                "read": lambda user, name=name: of(user).browse(row).read([name]),
                "page": lambda user, name=name: of(user).web_search_read([], {name: {}}),
                "search": lambda user, name=name: of(user).search([(name, "!=", 0)]),
                "order": lambda user, name=name: of(user).search([], order=name),
                "export": lambda user, name=name: of(user).browse(row).export_data([name]),
                "group": lambda user, name=name: of(user).formatted_read_group([], [name]),
                "sum": lambda user, total=total: of(user).web_read_group([], ["stage_id"], [total]),
                "pivot": lambda user, total=total: of(user).formatted_read_grouping_sets(
                    [], [[]], [total]
                ),
                "bar": lambda user, bar=bar: of(user).read_progress_bar([], "stage_id", bar),
                "panel": lambda user, name=name: of(user).search_panel_select_range(name),
                "order's": lambda user, name=name: self.env["sale.order"].with_user(user).search(
                    [(f"bizuno_project_id.{name}", "!=", 0)]
                ),
            }.items():  # fmt: skip
                doors[name, door] = call
        bookkeeper = self._find_open(doors, self.users["bookkeeper"])
        every = {(name, door) for name in HIDDEN for door in ("read", "page", "export")}
        self.assertEqual(every - bookkeeper, set())
        for user in self.people:
            self.assertEqual(self._find_open(doors, user), set(), user.login)
            if of(user).has_access("read"):
                self.assertFalse(set(HIDDEN) & set(of(user).fields_get()))

    def test_no_row_of_the_reports_either(self):
        doors, sets, bar = {}, [[], ["project_id"]], {"field": "kind", "colors": {}}
        for model in ("bizuno.project.profit", "bizuno.project.open"):

            def of(user, model=model):
                return self.env[model].with_user(user)

            row = of(self.users["bookkeeper"]).search([], limit=1).id
            for door, call in {
                "search": lambda user, of=of: of(user).search([]),
                "group": lambda user, of=of: of(user).formatted_read_group([], ["project_id"]),
                "pivot": lambda user, of=of: of(user).formatted_read_grouping_sets([], sets),
                "list": lambda user, of=of: of(user).web_read_group([], ["project_id"]),
                "panel": lambda user, of=of: of(user).search_panel_select_range("kind"),
                "bar": lambda user, of=of: of(user).read_progress_bar([], "project_id", bar),
                "export": lambda user, of=of, row=row: of(user).browse(row).export_data(["kind"]),
            }.items():  # fmt: skip
                doors[model, door] = call
        self.assertEqual(doors.keys() - self._find_open(doors, self.users["bookkeeper"]), set())
        for user in self.people:
            self.assertEqual(self._find_open(doors, user), set(), user.login)

    def test_reps_who_may_see_their_own_and_no_other(self):
        self.env.ref("sales_team.group_sale_salesman").implied_ids |= self.env.ref(
            "bizuno_crm.group_project_profit"
        )
        self.second.user_id = self.users["sales_manager"]
        self._move(self.second, "out_invoice", 777.0).action_post()
        rows = self.env["bizuno.project.profit"].with_user(self.users["rep"])
        total, groups = rows.formatted_read_grouping_sets(
            [], [[], ["project_id"]], ["revenue:sum", "cost:sum", "margin:sum", "__count"]
        )
        self.assertEqual(
            [(one["revenue:sum"], one["cost:sum"], one["margin:sum"]) for one in total + groups],
            [(321, 123, 198)] * 2,
        )
        seen = self.second.with_user(self.users["rep"])
        self.assertEqual([seen[name] for name in ("revenue", "cost", "margin")], [0, 0, 0])

    def test_groups_are_in_the_order_of_their_names(self):
        partners = self.env["res.partner"].create(
            [{"name": name} for name in ("Zoo", "aqua", "Mill")]
        )
        projects = self.env["bizuno.project"].create(
            [{"name": partner.name, "partner_id": partner.id} for partner in partners]
        )
        for project in projects:
            self._move(project, "in_invoice", 10.0).action_post()
        rows = self.env["bizuno.project.profit"].with_user(self.users["bookkeeper"])
        domain = [("project_id", "in", (projects + self.project).ids)]
        for name in ("partner_id", "project_id", "user_id", "stage_id", "account_id", "product_id"):
            for direction in ("", " desc"):
                with self.subTest(name=name, direction=direction):
                    order = f"{name}{direction}"
                    groups = rows._read_group(domain, [name], ["__count"], order=order)
                    in_order = rows.search(domain, order=f"{order}, id")[name]
                    self.assertEqual([one for one, _count in groups if one], [*in_order])
