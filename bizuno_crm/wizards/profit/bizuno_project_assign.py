from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import messages
from ...logic import moments
from ...models.profit.bizuno_project import PURCHASES, SALES

# The latest ones of each list: whoever has more narrows them by dates.
MOST = 500


class BizunoProjectAssign(models.TransientModel):
    """Puts documents of the past on a project: those of its customer, and vendor bills, that are on
    none."""

    _name = "bizuno.project.assign"
    _description = "Assign Past Documents"

    project_id = fields.Many2one(
        comodel_name="bizuno.project", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="project_id.currency_id")
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")
    vendor_id = fields.Many2one(comodel_name="res.partner", ondelete="cascade")
    text = fields.Char(
        string="Containing", help="Part of the number, the reference or a line's text."
    )
    line_ids = fields.One2many(
        comodel_name="bizuno.project.assign.line",
        inverse_name="wizard_id",
        string="Orders and Invoices",
        domain=[("is_purchase", "=", False)],
    )
    bill_line_ids = fields.One2many(
        comodel_name="bizuno.project.assign.line",
        inverse_name="wizard_id",
        string="Bills",
        domain=[("is_purchase", "=", True)],
    )
    is_only_project = fields.Boolean(
        help="The customer has no other project, so all documents are selected.", readonly=True
    )
    is_cut = fields.Boolean(readonly=True)
    count_selected = fields.Integer(string="Selected", compute="_compute_selected")
    revenue_selected = fields.Monetary(
        string="Revenue to Move",
        compute="_compute_selected",
        help="What the selected posted documents have on income accounts.",
    )
    cost_selected = fields.Monetary(
        string="Cost to Move",
        compute="_compute_selected",
        help="What the selected posted documents have on expense accounts, including taxes that "
        "are a cost and the cost of goods.",
    )

    @api.depends("line_ids.selected", "bill_line_ids.selected")
    def _compute_selected(self):
        for wizard in self:
            lines = (wizard.line_ids + wizard.bill_line_ids).filtered("selected")
            wizard.count_selected = len(lines)
            wizard.revenue_selected = sum(lines.mapped("revenue"))
            wizard.cost_selected = sum(lines.mapped("cost"))

    @api.model
    def _open_for(self, project):
        """
        :param project: one `bizuno.project` with a customer
        :return: the action of the wizard
        """
        customer = project.partner_id.commercial_partner_id
        only = not self.env["bizuno.project"].search_count(
            [
                ("partner_id.commercial_partner_id", "=", customer.id),
                ("company_id", "=", project.company_id.id),
                ("id", "!=", project.id),
            ],
            limit=1,
        )
        wizard = self.create({"project_id": project.id, "is_only_project": only})
        wizard._list_documents()
        if only:
            wizard._choose_all(wizard.line_ids)
        return wizard._open()

    def action_find(self):
        """List the documents that the dates, the vendor and the text leave; those that are chosen
        already stay.

        :return: the action of the wizard
        """
        self.ensure_one()
        self.check_access("write")
        self._list_documents()
        found_sales = self.line_ids.filtered(lambda line: not line.selected)
        return self._open(at_bills=self.vendor_id or (self.bill_line_ids and not found_sales))

    def action_choose_sales(self):
        """Choose all orders and invoices that are listed, or none if all of them are.

        :return: the action of the wizard
        """
        self.ensure_one()
        self._choose_all(self.line_ids)
        return self._open()

    def action_choose_bills(self):
        """As that of the orders and invoices.

        :return: the action of the wizard
        """
        self.ensure_one()
        self._choose_all(self.bill_line_ids)
        return self._open(at_bills=True)

    def action_assign(self):
        """Put the chosen documents on the project.

        :raise UserError: if none is chosen
        """
        self.ensure_one()
        lines = (self.line_ids + self.bill_line_ids).filtered(
            lambda line: line.selected and not line.refusal
        )
        if not lines:
            raise UserError(messages.project_nothing_chosen(self.env, self.project_id))
        project = self.project_id
        for documents in (lines.order_id, lines.move_id):
            documents.check_access("write")
            own = documents.filtered(lambda document: document.bizuno_project_id == project)
            # Chosen by somebody else in the meantime: it stays there.
            new = documents.filtered(lambda document: not document.bizuno_project_id)
            new.write({"bizuno_project_id": project.id})
            for _document, followers in self._get_lines_without_project(own):
                followers._put_on_project(project)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": messages.project_assigned(self.env, self.project_id, len(lines)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _open(self, at_bills=False):
        view = self.env.ref("bizuno_crm.bizuno_project_assign_view_form_bills")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign Past Documents"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id if at_bills else False, "form")],
            "target": "new",
        }

    def _list_documents(self):
        lines = self.line_ids + self.bill_line_ids
        chosen = lines.filtered("selected")
        listed = {(document._name, document.id) for document in chosen._get_documents()}
        (lines - chosen).unlink()
        proposals, self.is_cut = self._find_documents()
        self.env["bizuno.project.assign.line"].create(
            [
                {**vals, "wizard_id": self.id}
                for document, vals in proposals
                if (document._name, document.id) not in listed
            ]
        )
        self.invalidate_recordset(["line_ids", "bill_line_ids"])

    def _choose_all(self, lines):
        lines = lines.filtered(lambda line: not line.refusal)
        lines.selected = not all(line.selected for line in lines)

    def _find_documents(self):
        """:return: [(document, values of its line)], and whether there are more than these"""
        project, proposals, is_cut = self.project_id, [], False
        customer = project.partner_id.commercial_partner_id
        of_customer = Domain("partner_id", "child_of", customer.id)
        of_vendor = Domain.TRUE
        if self.vendor_id:
            of_vendor = Domain("partner_id", "child_of", self.vendor_id.id)
        for model, domain, date, reference in (
            ("sale.order", of_customer, "date_order", "client_order_ref"),
            ("account.move", of_customer & Domain("move_type", "in", SALES), "date", "ref"),
            ("account.move", of_vendor & Domain("move_type", "in", PURCHASES), "date", "ref"),
        ):
            documents = self.env[model]
            if not documents.has_access("write"):
                continue
            domain &= Domain("company_id", "=", project.company_id.id)
            domain &= Domain("state", "!=", "cancel")
            domain &= self._get_domain_without_project(documents)
            domain &= self._get_domain_of_search(documents, date, reference)
            documents = documents.search(domain, order=f"{date} desc, id desc", limit=MOST + 1)
            is_cut = is_cut or len(documents) > MOST
            proposals += [
                (document, self._prepare_line(document, lines))
                for document, lines in self._get_lines_without_project(documents[:MOST])
            ]
        return proposals, is_cut

    def _get_domain_without_project(self, documents):
        """Those of no project, and those of this one whose lines are on none: of a time when they
        did not follow."""
        account = self.project_id.sudo().analytic_account_id
        lines = Domain("analytic_distribution", "not in", account.ids)
        lines &= Domain(
            "display_type", "=", False if documents._name == "sale.order" else "product"
        )
        own = Domain("bizuno_project_id", "=", self.project_id.id)
        return Domain("bizuno_project_id", "=", False) | (
            own & Domain(documents._project_lines, "any", lines)
        )

    def _get_domain_of_search(self, documents, date, reference):
        domain, first, last = Domain.TRUE, self.date_from, self.date_to
        if documents._fields[date].type == "datetime":
            first = first and moments.begin_of_day(first, self.env.tz)
            last = last and moments.end_of_day(last, self.env.tz) - timedelta(microseconds=1)
        if first:
            domain &= Domain(date, ">=", first)
        if last:
            domain &= Domain(date, "<=", last)
        if text := (self.text or "").strip():
            domain &= Domain.OR(
                Domain(name, "ilike", text)
                for name in ("name", reference, f"{documents._project_lines}.name")
            )
        return domain

    def _get_lines_without_project(self, documents):
        """:return: [(document, its lines that would go on the project)] of those documents that no
        line of is on a project"""
        lines = documents[documents._project_lines]
        shares = lines._get_project_shares()
        followers = lines._filter_followers(self.env["bizuno.project"], self.project_id)
        result = []
        for document in documents:
            own = document[documents._project_lines]
            if (own & followers) and not any(shares[line] for line in own):
                result.append((document, own & followers))
        return result

    @api.model
    def _prepare_line(self, document, lines):
        vals = {"line_count": len(lines), "refusal": document._get_project_refusal()}
        if document._name == "sale.order":
            amount = sum(lines.mapped("price_subtotal")) / (document.currency_rate or 1.0)
            day = fields.Datetime.context_timestamp(self, document.date_order).date()
            return {**vals, "order_id": document.id, "amount": amount, "date": day}
        is_purchase = document.move_type in PURCHASES
        return {
            **vals,
            **(lines._sum_for_projects() if document.state == "posted" else {}),
            "move_id": document.id,
            "amount": sum(lines.mapped("balance")) * (1 if is_purchase else -1),
            "date": document.date,
            "is_purchase": is_purchase,
        }


class BizunoProjectAssignLine(models.TransientModel):
    """One document of the past, and what would become of it."""

    _name = "bizuno.project.assign.line"
    _description = "Past Document"
    _order = "date desc, id"

    wizard_id = fields.Many2one(
        comodel_name="bizuno.project.assign", required=True, index=True, ondelete="cascade"
    )
    selected = fields.Boolean(string="Assign")
    order_id = fields.Many2one(comodel_name="sale.order", readonly=True, ondelete="cascade")
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice or Bill", readonly=True, ondelete="cascade"
    )
    is_purchase = fields.Boolean(string="Bill", readonly=True)
    document = fields.Char(compute="_compute_document")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Vendor", compute="_compute_document"
    )
    date = fields.Date(readonly=True)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    amount = fields.Monetary(
        readonly=True, help="The lines that would be assigned to the project, excluding taxes."
    )
    revenue = fields.Monetary(readonly=True)
    cost = fields.Monetary(readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    refusal = fields.Char(string="Why Not", readonly=True)

    @api.depends("order_id", "move_id")
    def _compute_document(self):
        for line in self:
            document = line.order_id or line.move_id
            line.document, line.partner_id = document.display_name, document.partner_id

    def _get_documents(self):
        """:return: list of the documents, each a record of its own model"""
        return [*self.order_id, *self.move_id]
