from collections import defaultdict

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ... import messages

# Columns of amounts, all in the currency of the company.
AMOUNTS = (
    "expected_revenue", "revenue", "cost", "margin", "to_invoice", "to_pay_in", "to_pay_out",
)  # fmt: skip
_BOOKED, _OPEN = ("revenue", "cost"), ("to_invoice", "to_pay_in", "to_pay_out")


class BizunoProjectPortfolio(models.TransientModel):
    """What all projects earned and cost, one line for each, as PDF and as workbook."""

    _name = "bizuno.project.portfolio"
    _description = "Profit and Loss of All Projects"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From",
        help="Revenue and cost booked in this period. Open amounts are as of today.",
    )
    date_to = fields.Date(string="Until")
    group_by = fields.Selection(
        selection=[
            ("partner_id", "Customer"),
            ("market_id", "Market"),
            ("user_id", "Assigned To"),
            ("stage_id", "Stage"),
        ],
        string="Summarize By",
    )
    project_ids = fields.Many2many(
        comodel_name="bizuno.project",
        string="Projects",
        domain="[('company_id', '=', company_id)]",
        context={"active_test": False},
        help="If empty, all projects with booked or open amounts.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        context = self.env.context
        # from the list of projects: those that are ticked
        if "project_ids" in fields and context.get("active_model") == "bizuno.project":
            projects = self.env["bizuno.project"].browse(context.get("active_ids", [])).exists()
            if companies := projects.company_id & self.env.companies:
                values["company_id"] = companies[0].id
                projects = projects.filtered(lambda project: project.company_id == companies[0])
            values["project_ids"] = projects.ids
        return values

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for report in self:
            if report.date_from and report.date_to and report.date_from > report.date_to:
                raise UserError(messages.project_dates_reversed(self.env, report))

    def action_print(self):
        """:return: the action that prints the PDF"""
        self._check_sight()
        return self.env.ref("bizuno_crm.report_project_portfolio").report_action(self)

    def action_download_xlsx(self):
        """:return: the action that downloads the workbook"""
        self._check_sight()
        return {
            "type": "ir.actions.act_url",
            "url": f"/bizuno_crm/project_portfolio/{self.id}.xlsx",
            "target": "download",
        }

    def _check_sight(self):
        self.ensure_one()
        self.check_access("read")
        self.env["bizuno.project.profit"].check_access("read")

    def _get_title(self):
        self.ensure_one()
        return self.env._("Profit and Loss of Projects")

    def _get_subtitle(self):
        """:return: period, grouping and choice in words"""
        self.ensure_one()
        words = [self.company_id.name]
        first, last = (day and format_date(self.env, day) for day in (self.date_from, self.date_to))
        if first and last:
            words.append(self.env._("%(first)s to %(last)s", first=first, last=last))
        elif first:
            words.append(self.env._("From %(first)s", first=first))
        elif last:
            words.append(self.env._("Up to %(last)s", last=last))
        if self.group_by:
            labels = dict(self._fields["group_by"]._description_selection(self.env))
            words.append(self.env._("By %(group)s", group=labels[self.group_by]))
        if self.project_ids:
            words.append(self.env._("Chosen projects"))
        if not self._sees_all():
            words.append(self.env._("Your projects only"))
        return " · ".join(words)

    def _get_labels(self):
        """:return: {name of a field of projects: its label}"""
        names = [
            "number", "name", "partner_id", "market_id", "user_id", "stage_id", *AMOUNTS,
            "margin_percent",
        ]  # fmt: skip
        described = self.env["bizuno.project"].fields_get(names, ["string"])
        return {name: described[name]["string"] for name in names}

    def _get_sections(self):
        """What PDF and workbook show alike, read as the user.

        :return: [{"label": what its projects have in common, or None, "rows": [{"project" in sudo,
            "amounts": in the order of `AMOUNTS`, "percent"}], "amounts", "percent"}], the groups
            and in them the projects by name and number
        """
        self._check_sight()
        figures = self._read_figures()
        projects = self._find_projects(figures)
        sections = defaultdict(list)
        round_ = self.currency_id.round
        # names of customers and colleagues that the user sees on the project
        for project in projects.sudo():
            sums = figures[project.id]
            sums["expected_revenue"] = project.expected_revenue
            sums["margin"] = sums["revenue"] - sums["cost"]
            amounts = [round_(sums[name]) for name in AMOUNTS]
            label = project[self.group_by].display_name or "" if self.group_by else None
            sections[label].append({
                "project": project, "amounts": amounts, "percent": self._get_percent(amounts),
            })  # fmt: skip
        # those without come last
        labels = sorted(sections, key=lambda label: (not label, (label or "").lower()))
        return [self._prepare_section(label, sections[label]) for label in labels]

    def _prepare_section(self, label, rows):
        amounts = self._sum_amounts(row["amounts"] for row in rows)
        if label == "":
            label = self.env._("None")
        return {
            "label": label,
            "rows": rows,
            "amounts": amounts,
            "percent": self._get_percent(amounts),
        }

    def _sum_amounts(self, amounts):
        """
        :param amounts: iterable of lists in the order of `AMOUNTS`
        :return: list of their sums
        """
        amounts = [*amounts] or [[0.0] * len(AMOUNTS)]
        return [self.currency_id.round(sum(column)) for column in zip(*amounts, strict=True)]

    @api.model
    def _get_amount_names(self):
        return AMOUNTS

    @api.model
    def _get_cells(self, row, money):
        """:return: the table cells of a row or a sum, as markup"""
        cells = []
        for name, amount in zip(AMOUNTS, row["amounts"], strict=True):
            cells.append(money(amount))
            if name == "margin":
                percent = row["percent"]
                cells.append("" if percent is None else f"{100 * percent:.0f}")
        return Markup("").join(Markup('<td class="o_number">%s</td>') % cell for cell in cells)

    @api.model
    def _get_percent(self, amounts):
        """:return: the margin as a part of the revenue, None without revenue"""
        revenue, margin = (amounts[AMOUNTS.index(name)] for name in ("revenue", "margin"))
        return margin / revenue if revenue else None

    def _read_figures(self):
        """:return: {id of a project: {name: amount}}, also of projects without any"""
        figures = defaultdict(lambda: dict.fromkeys((*_BOOKED, *_OPEN), 0.0))
        base = Domain("company_id", "=", self.company_id.id)
        if self.project_ids:
            base &= Domain("project_id", "in", self.project_ids.ids)
        booked = base
        if self.date_from:
            booked &= Domain("date", ">=", self.date_from)
        if self.date_to:
            booked &= Domain("date", "<=", self.date_to)
        for model, domain, names in (
            ("bizuno.project.profit", booked, _BOOKED),
            ("bizuno.project.open", base, _OPEN),
        ):
            groups = self.env[model]._read_group(
                domain, ["project_id"], [f"{name}:sum" for name in names]
            )
            for project, *amounts in groups:
                figures[project.id].update(zip(names, amounts, strict=True))
        return figures

    def _find_projects(self, figures):
        """:return: the projects of the report, as the user who may read them and their figures"""
        projects = self.env["bizuno.project"].with_context(active_test=False)
        chosen = self.project_ids.ids or [*figures]
        reported = projects.search(
            [("id", "in", chosen), ("company_id", "=", self.company_id.id)], order="number, id"
        )
        return reported.filtered("is_profit_visible")

    def _sees_all(self):
        rule = self.env["bizuno.project.profit"]._get_project_rule()
        return not any(
            condition.field_expr in ("user_id", "working_user_id")
            for condition in rule.iter_conditions()
        )
