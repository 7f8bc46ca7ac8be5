from odoo import models
from odoo.exceptions import UserError

from ... import messages
from ...logic import project_lines


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["bizuno.project.line.mixin", "account.move.line"]

    _project_document = "move_id"

    def _put_on_project(self, project):  # pylint: disable=missing-return
        # Taxes that are cost and cost of goods go along: Odoo makes them anew in drafts only.
        posted = self.filtered(lambda line: line.id and line.parent_state == "posted").move_id
        made = {line: goods for line in posted.line_ids if (goods := line._get_goods_behind())}
        super()._put_on_project(project)
        moved = {}
        for line, goods in made.items():
            before = project_lines.freeze(line.analytic_distribution)
            after = {project_lines.freeze(goods_line.analytic_distribution) for goods_line in goods}
            if len(after) > 1:
                raise UserError(messages.project_of_shared_tax(self.env, line.move_id))
            if {before} != after:
                moved.setdefault(after.pop(), []).append(line.id)
        for distribution, ids in moved.items():
            self.browse(ids).analytic_distribution = dict(distribution) or False

    def _sum_for_projects(self):
        """:return: {"revenue", "cost"}: what these lines of posted documents, all of those with the
        same distribution, and what Odoo has made of them, take along to a project"""
        distributions = {project_lines.freeze(line.analytic_distribution) for line in self}

        def is_made_of_these(line):
            # Those are on a project as a whole: what is equal goes along.
            if line.display_type == "epd" and line.tax_ids:
                return project_lines.freeze(line.analytic_distribution) in distributions
            return bool(line._get_goods_behind() & self)

        lines = self | self.move_id.line_ids.filtered(is_made_of_these)
        by_group = {
            group: sum(some.mapped("balance"))
            for group, some in lines.grouped(lambda line: line.account_id.internal_group).items()
        }
        # Of a discount that is booked apart, what is these lines'.
        for line in self:
            for key, values in (line.discount_allocation_needed or {}).items():
                group = self.env["account.account"].browse(key["account_id"]).internal_group
                amount = values["amount_currency"] / line.currency_rate
                by_group[group] = by_group.get(group, 0.0) + line.company_currency_id.round(amount)
        return {"revenue": -by_group.get("income", 0.0), "cost": by_group.get("expense", 0.0)}

    def _get_goods_behind(self):
        """:return: the lines of goods and services that this one, of tax or of cost of goods, has
        its distribution from"""
        if self.display_type == "tax":
            goods = self._get_goods_of_tax()
        elif self.display_type == "cogs":
            goods = self._get_goods_of_cost()
        else:
            return self.browse()
        distribution = project_lines.freeze(self.analytic_distribution)
        return goods.filtered(
            lambda line: (
                line.display_type == "product"
                and project_lines.freeze(line.analytic_distribution) == distribution
            )
        )

    def _get_goods_of_tax(self):
        repartition, tax = self.tax_repartition_line_id, self.tax_line_id
        # as Odoo decides whether it is cost
        if not tax or (repartition.use_in_tax_closing and not tax.analytic):
            return self.browse()
        account = repartition._get_aml_target_tax_account()
        return self.move_id.line_ids.filtered(
            lambda line: (
                tax in line.tax_ids.flatten_taxes_hierarchy()
                and (account or line.account_id == self.account_id)
            )
        )

    def _get_goods_of_cost(self):
        on_stock = self.account_id.internal_group not in ("income", "expense")
        if on_stock and not self.analytic_distribution:
            return self.browse()
        if "cogs_origin_id" in self._fields and self.cogs_origin_id:
            return self.cogs_origin_id
        return self.move_id.line_ids.filtered(lambda line: line.product_id == self.product_id)
