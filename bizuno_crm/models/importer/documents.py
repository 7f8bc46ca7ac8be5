"""The open documents of a Bizuno company, as posted invoices, bills and credit notes against one
opening account: each has the number, the dates and what was left of the amount."""

from functools import partial

from odoo import Command
from odoo.tools import float_compare

from ...logic.bizuno_dump import ledger
from .values import as_text

#: The journals that are made for them, so that the numbers of the others go on as they did.
JOURNALS = {"sale": ("BZS", "Bizuno: Open Invoices"), "purchase": ("BZP", "Bizuno: Open Bills")}

_BATCH = 200


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
        if importer.recalling:
            return
        documents = [one for one in importer.company.documents if one.is_open and one.balance]
        if importer.counting:
            count["read"] += len(documents)
            return
        known = importer.known([f"journal_main.{one.id}" for one in documents])
        fresh = []
        for one in documents:
            count["read"] += 1
            key = f"journal_main.{one.id}"
            if key in known:
                count["unchanged"] += 1
                if known[key].given != self._given(one):
                    importer.problem_of(key, "balance", str(one.balance), "document_changed")
            elif one.contact not in importer.partners:
                importer.problem_of(key, "contact_id_b", one.contact, "document_of_nobody")
                count["skipped"] += 1
            else:
                fresh.append((key, one))
        # Those without a number last: Odoo's for them is then none of the others'.
        fresh.sort(key=lambda row: not row[1].number)
        for begin in range(0, len(fresh), _BATCH):
            self._book(fresh[begin : begin + _BATCH])
            importer.tell("documents")

    def _book(self, rows):
        importer, count = self.importer, self.importer.counts["documents"]
        vals_list = [self._vals(one) for _key, one in rows]
        moves = []
        if not importer.attempt(None, lambda: moves.extend(self._post(vals_list))):
            # One of them is refused: which one, and why?
            pairs = zip(rows, vals_list, strict=True)
            moves = [self._book_alone(key, vals) for (key, _one), vals in pairs]
        kept = []
        for (key, one), vals, move in zip(rows, vals_list, moves, strict=True):
            if not move:
                count["skipped"] += 1
                continue
            if vals.get("name", move.name) != move.name:
                importer.problem_of(key, "invoice_num", one.number, "number_other")
            if one.date > self.today:
                importer.problem_of(key, "post_date", str(one.date), "document_future")
            count["created"] += 1
            written = {
                "state": move.state,
                "amount_residual": move.amount_residual,
                "invoice_date_due": as_text(move.invoice_date_due),
            }
            kept.append((key, move, self._given(one), written))
        importer.remember(kept, was_created=True)

    def _book_alone(self, key, vals):
        """:return: the document; where Odoo refuses its number, because it reads like that of
        another year or is taken, with a number of Odoo's"""
        for given, told in ((vals, None), ({**vals, "name": "/"}, key)):
            moves = []
            post = partial(self._post, [given])
            if self.importer.attempt(told, lambda post=post, moves=moves: moves.extend(post())):
                return moves[0]
        return self.env["account.move"]

    def _post(self, vals_list):
        moves = self.env["account.move"].with_context(tracking_disable=True).create(vals_list)
        moves.action_post()
        return moves

    def _given(self, one):
        return {"balance": str(one.balance), "number": one.number, "date": str(one.date)}

    def _vals(self, one):
        is_sale = one.journal in ledger.RECEIVABLE
        kind = "invoice" if one.balance > 0 else "refund"
        label = one.number or one.id
        vals = {
            "move_type": f"{'out' if is_sale else 'in'}_{kind}",
            "partner_id": self.importer.partners[one.contact],
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
                importer.remember([(f"journal.{code}", journal, vals, None)], was_created=True)
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
