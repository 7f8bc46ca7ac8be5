from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_amount, format_date

from ... import messages
from ...reports.profit.bizuno_project_profit import KINDS

GROUP = "bizuno_crm.group_project_profit"
#: from how many percent of it on a budget is about to be used up, and from how many it is
NEAR, FULL = 80.0, 100.0
BUDGET_STATES = [("ok", "Within Budget"), ("near", "Nearly Used Up"), ("over", "Used Up")]


class BizunoProjectProfitMixin(models.AbstractModel):
    """What a project earns: sums of rows that the user may see, so that the list behind a figure
    has what the figure says."""

    _name = "bizuno.project.profit.mixin"
    _description = "Project with Its Profit"

    # the project's, in which the amounts are
    currency_id = fields.Many2one(comodel_name="res.currency")
    budget = fields.Monetary(
        tracking=True,
        help="The most the project may cost. A warning appears at 80% and at 100%.",
    )
    revenue = fields.Monetary(
        compute="_compute_profit",
        groups=GROUP,
        help="Amounts booked to income accounts for the project.",
    )
    cost = fields.Monetary(
        compute="_compute_profit",
        groups=GROUP,
        help="Amounts booked to expense accounts for the project, and time.",
    )
    margin = fields.Monetary(compute="_compute_profit", groups=GROUP, help="Revenue less cost.")
    margin_percent = fields.Float(
        string="Margin (%)",
        compute="_compute_profit",
        groups=GROUP,
        digits=(16, 1),
        help="The margin as a percentage of revenue.",
    )
    budget_used = fields.Float(
        string="Budget Used (%)", compute="_compute_profit", groups=GROUP, digits=(16, 1)
    )
    budget_state = fields.Selection(
        selection=BUDGET_STATES, string="Budget Status", compute="_compute_profit", groups=GROUP
    )
    to_invoice = fields.Monetary(
        compute="_compute_open",
        groups=GROUP,
        help="Ordered but not invoiced yet, excluding taxes.",
    )
    to_pay_in = fields.Monetary(
        string="Unpaid Invoices",
        compute="_compute_open",
        groups=GROUP,
        help="Unpaid customer invoices, less credit notes, including taxes.",
    )
    to_pay_out = fields.Monetary(
        string="Unpaid Bills",
        compute="_compute_open",
        groups=GROUP,
        help="Unpaid vendor bills, less refunds, including taxes.",
    )
    is_profit_visible = fields.Boolean(compute="_compute_is_profit_visible")

    @api.depends("budget")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_profit(self):
        sums = {
            project.id: (revenue, cost)
            for project, revenue, cost in self.env["bizuno.project.profit"]._read_group(
                [("project_id", "in", self.ids)], ["project_id"], ["revenue:sum", "cost:sum"]
            )
        }
        # Most have neither a budget nor figures yet: they are set at once.
        busy = self.filtered(lambda project: project.budget or project._origin.id in sums)
        for name in ("revenue", "cost", "margin", "margin_percent", "budget_used"):
            (self - busy)[name] = 0.0
        (self - busy).budget_state = False
        for project in busy:
            revenue, cost = sums.get(project._origin.id, (0.0, 0.0))
            currency, budget = project.currency_id, project.budget
            project.revenue, project.cost = currency.round(revenue), currency.round(cost)
            project.margin = currency.round(revenue - cost)
            project.margin_percent = 100.0 * project.margin / revenue if revenue else 0.0
            project.budget_used = used = 100.0 * project.cost / budget if budget else 0.0
            project.budget_state = budget and (
                "over" if used >= FULL else "near" if used >= NEAR else "ok"
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open(self):
        names = ("to_invoice", "to_pay_in", "to_pay_out")
        sums = {
            project.id: amounts
            for project, *amounts in self.env["bizuno.project.open"]._read_group(
                [("project_id", "in", self.ids)], ["project_id"], [f"{name}:sum" for name in names]
            )
        }
        for project in self:
            amounts = sums.get(project._origin.id, (0.0, 0.0, 0.0))
            for name, amount in zip(names, amounts, strict=True):
                project[name] = project.currency_id.round(amount)

    @api.depends("company_id", "partner_id", "user_id", "working_user_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_profit_visible(self):
        """Where it is not set, the figures are zero because they are not the user's to see."""
        rows = self.env["bizuno.project.profit"]
        visible = self.browse()
        if rows.has_access("read"):
            # as the system, as rules are
            visible = self.sudo().filtered_domain(rows._get_project_rule())
        self.is_profit_visible = False
        (self & visible).is_profit_visible = True

    def action_view_profit(self):
        """:return: the action with the profit and loss of this project by account and month"""
        return self._action_view_rows("bizuno_crm.bizuno_project_profit_action_project")

    def action_view_revenue(self):
        """:return: the action that lists what the revenue of this project consists of"""
        return self._action_view_kind("revenue")

    def action_view_cost(self):
        """:return: the action that lists what the cost of this project consists of"""
        return self._action_view_kind("cost")

    def action_view_open(self):
        """:return: the action that lists what is still to be invoiced and paid of this project"""
        return self._action_view_open()

    def action_view_to_invoice(self):
        """:return: the action that lists the orders of this project that are not all invoiced"""
        return self._action_view_open("order")

    def action_view_to_pay_in(self):
        """:return: the action that lists the customer invoices of this project that are not all
        paid"""
        return self._action_view_open("sale")

    def action_view_to_pay_out(self):
        """:return: the action that lists the vendor bills of this project that are not all paid"""
        return self._action_view_open("purchase")

    def get_open_figures(self):
        """What is open, for the page: worked out when somebody looks at it, not with each project
        that is opened.

        :return: [{"label", "help", "text", "action": that opens what makes it up, "title": of the
            action}]
        :raise AccessError: to who does not see the figures
        """
        self.ensure_one()
        self._check_profit_visible()
        titles = {
            "to_invoice": self.env._("Orders not fully invoiced"),
            "to_pay_in": self.env._("Invoices not fully paid"),
            "to_pay_out": self.env._("Bills not fully paid"),
        }
        return [
            {
                "label": self._fields[name]._description_string(self.env),
                "help": self._fields[name]._description_help(self.env),
                "text": format_amount(self.env, self[name], self.currency_id),
                "action": f"action_view_{name}",
                "title": title,
            }
            for name, title in titles.items()
        ]

    def action_export_profit(self):
        """:return: the action that downloads the profit and loss of this project as a workbook
        :raise AccessError: to who does not see its figures
        """
        self.ensure_one()
        self._check_profit_visible()
        return {
            "type": "ir.actions.act_url",
            "url": f"/bizuno_crm/project_profit/{self.id}.xlsx",
            "target": "download",
        }

    def _check_profit_visible(self):
        for project in self:
            if not project.is_profit_visible:
                raise AccessError(messages.project_profit_hidden(self.env, project))

    def _get_profit_title(self):
        return self.env._("Profit and Loss %(project)s", project=self.number)

    def _get_profit_table(self, months=None):
        """What page, PDF and workbook show alike: revenue and cost by account and month.

        :param int months: the last so many, what was before in one column; None: all
        :return: {"months": their labels, "subtitle", "sections": one for revenue and one for cost:
            {"label", "total_label", "rows": [{"label", "amounts", "total"}], "amounts", "total"},
            "amounts" and "total" of the margin}
        :raise AccessError: to who does not see the figures
        """
        self.ensure_one()
        self._check_profit_visible()
        groups = self.env["bizuno.project.profit"]._read_group(
            [("project_id", "=", self.id)],
            ["kind", "account_id", "date:month"],
            ["revenue:sum", "cost:sum"],
        )
        starts = sorted({month for _kind, _account, month, *_amounts in groups})
        shown = starts[-months:] if months else starts
        columns = [*([None] if len(shown) < len(starts) else []), *shown]
        cells, accounts = defaultdict(float), defaultdict(set)
        for kind, account, month, revenue, cost in groups:
            column = month if month in shown else None
            accounts[kind].add(account)
            cells[kind, account, column] += revenue if kind == "revenue" else cost
        round_ = self.currency_id.round
        titles = {"revenue": self.env._("Total revenue"), "cost": self.env._("Total cost")}
        labels = dict(self.env["bizuno.project.profit"]._fields["kind"]._description_selection(
            self.env
        ))  # fmt: skip
        sections = []
        for kind, _label in KINDS:
            rows = []
            for account in sorted(
                accounts[kind], key=lambda record: (record.code or "", record.id)
            ):
                amounts = [round_(cells[kind, account, column]) for column in columns]
                name = account.sudo().display_name or self.env._(
                    "Time and other items without an account"
                )
                rows.append({"label": name, "amounts": amounts, "total": round_(sum(amounts))})
            sums = [
                round_(sum(row["amounts"][place] for row in rows)) for place in range(len(columns))
            ]
            sections.append({
                "label": labels[kind], "total_label": titles[kind], "rows": rows,
                "amounts": sums, "total": round_(sum(sums)),
            })  # fmt: skip
        revenue, cost = sections
        margins = [
            round_(amount - other)
            for amount, other in zip(revenue["amounts"], cost["amounts"], strict=True)
        ]
        return {
            "months": [
                format_date(self.env, column, date_format="MMM yyyy")
                if column
                else self.env._("Before")
                for column in columns
            ],
            "subtitle": self.partner_id.sudo().display_name or "",
            "sections": sections,
            "amounts": margins,
            "total": round_(sum(margins)),
        }

    def _action_view_kind(self, kind):
        return self._action_view_rows("bizuno_crm.bizuno_project_profit_action_rows", kind)

    def _action_view_open(self, kind=None):
        return self._action_view_rows("bizuno_crm.bizuno_project_open_action", kind)

    def _action_view_rows(self, xmlid, kind=None):
        """
        :param kind: that all rows are to have; None: rows of every kind
        :return: the action with the rows of this project
        """
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        title, domain = action["name"], [("project_id", "=", self.id)]
        if kind:
            kinds = self.env[action["res_model"]]._fields["kind"]._description_selection(self.env)
            title, domain = dict(kinds)[kind], [*domain, ("kind", "=", kind)]
        return {
            **action,
            "display_name": f"{title}: {self.display_name}",
            "domain": domain,
            "context": {"rows_of": kind or "project"},
        }
