"""The open documents of a Bizuno company, as posted invoices, bills and credit notes against one
opening account: each has the number, the dates and what was left of the amount."""

from odoo import Command
from odoo.tools import float_compare

from ...logic.bizuno_dump import ledger
from .importer import as_text

#: The journals that are made for them, so that the numbers of the others go on as they did.
JOURNALS = {"sale": ("BZS", "Bizuno: Open Invoices"), "purchase": ("BZP", "Bizuno: Open Bills")}


class Documents:
    """Brings over the documents of one run.

    :param importer: the running `Importer`, which has brought the contacts over
    :param account: the `account.account` that stands against them
    :param str rule: by which they are due, one of `ledger.RULES`
    """

    def __init__(self, importer, account, rule):
        self.importer, self.account, self.rule = importer, account, rule
        self.env = importer.env
        self.today = importer.run.date.date()
        self.journals = {}

    def bring_over(self):
        importer = self.importer
        count = importer.counts["documents"]
        documents = [one for one in importer.company.documents if one.is_open and one.balance]
        known = importer.known([f"journal_main.{one.id}" for one in documents])
        for one in documents:
            count["read"] += 1
            key = f"journal_main.{one.id}"
            partner = importer.partners.get(one.contact)
            if key in known:
                count["unchanged"] += 1
                given = known[key].given
                if given != self._given(one):
                    importer.problem_of(key, "balance", str(one.balance), "document_changed")
            elif not partner:
                importer.problem_of(key, "contact_id_b", one.contact, "document_of_nobody")
                count["skipped"] += 1
            else:
                self._book(key, one, partner)

    def _book(self, key, one, partner):
        importer = self.importer
        made = self.env["account.move"]
        vals = self._vals(one, partner)
        number = vals.pop("name", False)
        # Odoo refuses a number that reads like another year's, or that is taken: then it gives one
        # of its own, and the number is the reference.
        for name in filter(None, (number, "/")):
            moves = []
            if importer.attempt(
                key if name == "/" else None,
                lambda name=name, moves=moves: moves.append(self._post({**vals, "name": name})),
            ):
                made = moves[0]
                break
        if not made:
            importer.counts["documents"]["skipped"] += 1
            return
        if number and made.name != number:
            importer.problem_of(key, "invoice_num", number, "number_other")
        if one.date > self.today:
            importer.problem_of(key, "post_date", str(one.date), "document_future")
        importer.counts["documents"]["created"] += 1
        importer.remember([(key, made, self._given(one))], was_created=True, written={
            "state": made.state,
            "amount_residual": made.amount_residual,
            "invoice_date_due": as_text(made.invoice_date_due),
        })  # fmt: skip

    def _post(self, vals):
        move = self.env["account.move"].with_context(tracking_disable=True).create(vals)
        move.action_post()
        return move

    def _given(self, one):
        return {"balance": str(one.balance), "number": one.number, "date": str(one.date)}

    def _vals(self, one, partner):
        is_sale = one.journal in ledger.RECEIVABLE
        kind = "invoice" if one.balance > 0 else "refund"
        label = one.number or one.id
        vals = {
            "move_type": f"{'out' if is_sale else 'in'}_{kind}",
            "partner_id": partner,
            "journal_id": self._journal("sale" if is_sale else "purchase").id,
            "invoice_date": as_text(min(one.date, self.today)),
            "invoice_date_due": as_text(one.due[self.rule]),
            "invoice_payment_term_id": False,
            "currency_id": self.importer.run.company_id.currency_id.id,
            "payment_reference": label,
            "ref": (one.po_number if is_sale else one.number) or False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": label,
                        "account_id": self.account.id,
                        "quantity": 1,
                        "price_unit": float(abs(one.balance)),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
        if is_sale and one.number:
            vals["name"] = one.number
        return vals

    def _journal(self, kind):
        if kind not in self.journals:
            code, name = JOURNALS[kind]
            importer = self.importer
            company = importer.run.company_id
            journals = self.env["account.journal"].with_context(active_test=False)
            journal = journals.search(
                [("company_id", "=", company.id), ("code", "=", code)], limit=1
            )
            if not journal:
                vals = {"name": name, "code": code, "type": kind, "company_id": company.id}
                journal = journals.create(vals)
                importer.remember([(f"journal.{code}", journal, vals)], was_created=True)
            self.journals[kind] = journal
        return self.journals[kind]

    def get_proof(self):
        """
        :return: [(contact, side, what is open by the file, what is booked here)] of the documents
            that have come over, in the company's currency
        """
        importer, rows = self.importer, []
        company = importer.company
        for side, journals in (("receivable", ledger.RECEIVABLE), ("payable", ledger.PAYABLE)):
            theirs = ledger.aged(company.documents, journals, self.today, self.rule)
            here = self._booked(journals)
            for contact in {*theirs, *here}:
                name = company.contacts[contact].name if contact in company.contacts else contact
                total = theirs[contact]["total"] if contact in theirs else 0
                rows.append((name, side, float(total), here.get(contact, 0.0)))
        return sorted(rows)

    def _booked(self, journals):
        wanted = {
            f"journal_main.{one.id}": one
            for one in self.importer.company.documents
            if one.journal in journals
        }
        sign = 1 if journals == ledger.RECEIVABLE else -1
        booked = {}
        for key, record in self.importer.known([*wanted]).items():
            contact = wanted[key].contact
            move = self.env["account.move"].browse(record.res_id).exists()
            booked[contact] = booked.get(contact, 0.0) + sign * move.amount_residual_signed
        return booked


def differs(row, currency):
    """:return: whether the two amounts of a row of the proof are not the same"""
    return float_compare(row[2], row[3], precision_rounding=currency.rounding) != 0
