from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import messages

# The latest ones: whoever has more assigns them in several rounds.
MOST = 500


class BizunoProjectAssign(models.TransientModel):
    """Puts documents of the past on a project: those of its customer that are on none."""

    _name = "bizuno.project.assign"
    _description = "Assign Past Documents"

    project_id = fields.Many2one(
        comodel_name="bizuno.project", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="project_id.currency_id")
    line_ids = fields.One2many(
        comodel_name="bizuno.project.assign.line", inverse_name="wizard_id", string="Documents"
    )
    is_only_project = fields.Boolean(
        help="The customer has no other project, so that all documents are chosen.", readonly=True
    )
    is_cut = fields.Boolean(readonly=True)
    count_selected = fields.Integer(string="Chosen", compute="_compute_selected")
    amount_selected = fields.Monetary(string="Amount", compute="_compute_selected")

    @api.depends("line_ids.selected", "line_ids.amount")
    def _compute_selected(self):
        for wizard in self:
            lines = wizard.line_ids.filtered("selected")
            wizard.count_selected = len(lines)
            wizard.amount_selected = sum(
                line.amount for line in lines if line.move_id.state == "posted"
            )

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
        documents = self._find_documents(project)
        wizard = self.create({
            "project_id": project.id,
            "is_only_project": only,
            "is_cut": len(documents) > MOST,
            "line_ids": [
                Command.create({**vals, "selected": only and not vals["refusal"]})
                for vals in documents[:MOST]
            ],
        })  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign Past Documents"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _find_documents(self, project):
        """:return: values of the lines, the latest document first"""
        base = Domain("company_id", "=", project.company_id.id)
        base &= Domain(
            "partner_id", "child_of", project.partner_id.commercial_partner_id.id
        ) & Domain("bizuno_project_id", "=", False)
        found = []
        for model, domain, date in (
            ("sale.order", Domain("state", "!=", "cancel"), "date_order"),
            (
                "account.move",
                Domain("state", "!=", "cancel")
                & Domain("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                "date",
            ),
        ):
            documents = self.env[model]
            if documents.has_access("write"):
                found += [
                    self._prepare_line(document, lines, fields.Date.to_date(document[date]))
                    for document, lines in self._get_lines_without_project(
                        documents.search(
                            base & domain, order=f"{date} desc, id desc", limit=MOST + 1
                        )
                    )
                ]
        return sorted(found, key=lambda vals: vals["date"] or fields.Date.today(), reverse=True)

    @api.model
    def _get_lines_without_project(self, documents):
        """:return: [(document, its lines that would go on the project)] of those documents that no
        line of is on a project"""
        lines = documents[documents._project_lines]
        shares = lines._get_project_shares()
        followers = lines._filter_followers(self.env["bizuno.project"], lines.bizuno_project_id)
        result = []
        for document in documents:
            own = document[documents._project_lines]
            if (own & followers) and not any(shares[line] for line in own):
                result.append((document, own & followers))
        return result

    @api.model
    def _prepare_line(self, document, lines, date):
        is_order = document._name == "sale.order"
        if is_order:
            rate = document.currency_rate or 1.0
            amount = sum(lines.mapped("price_subtotal")) / rate
        else:
            amount = -sum(lines.mapped("balance"))
        return {
            "order_id": document.id if is_order else False,
            "move_id": False if is_order else document.id,
            "date": date,
            "amount": amount,
            "line_count": len(lines),
            "refusal": document._get_project_refusal(),
        }

    def action_assign(self):
        """Put the chosen documents on the project.

        :raises UserError: if none is chosen
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.selected and not line.refusal)
        if not lines:
            raise UserError(messages.project_nothing_chosen(self.env, self.project_id))
        for documents in (lines.order_id, lines.move_id):
            # Chosen by somebody else in the meantime: it stays there.
            documents = documents.filtered(lambda document: not document.bizuno_project_id)
            documents.write({"bizuno_project_id": self.project_id.id})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": messages.project_assigned(self.env, self.project_id, len(lines)),
                "next": {"type": "ir.actions.act_window_close"},
            },
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
        comodel_name="account.move", string="Invoice", readonly=True, ondelete="cascade"
    )
    document = fields.Char(compute="_compute_document")
    date = fields.Date(readonly=True)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    amount = fields.Monetary(
        readonly=True, help="Of the lines that would go on the project, without taxes."
    )
    line_count = fields.Integer(string="Lines", readonly=True)
    refusal = fields.Char(string="Why Not", readonly=True)

    @api.depends("order_id", "move_id")
    def _compute_document(self):
        for line in self:
            line.document = (line.order_id or line.move_id).display_name
