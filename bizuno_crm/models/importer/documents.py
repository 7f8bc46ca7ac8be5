"""The open documents of a Bizuno company, as posted invoices, bills and credit notes against one
opening account: each has the number, the dates and what was left of the amount. Payments that were
applied to nothing are entries against that account."""

from odoo import Command
from odoo.tools import float_compare, html_sanitize

from ...logic.bizuno_dump import ledger
from .values import as_html, as_text

#: The journals that are made for them, so that the numbers of the others go on as they did.
JOURNALS = {
    "sale": ("BZS", "Bizuno: Open Invoices"),
    "purchase": ("BZP", "Bizuno: Open Bills"),
    "general": ("BZU", "Bizuno: Unapplied Payments"),
}

_BATCH = 200
_MODELS = ("account.move", "account.move.line")
_SIDES = {
    "receivable": (*ledger.RECEIVABLE, *ledger.RECEIVABLE_PAYMENTS),
    "payable": (*ledger.PAYABLE, *ledger.PAYABLE_PAYMENTS),
}
_ACCOUNTS = {
    "receivable": "property_account_receivable_id",
    "payable": "property_account_payable_id",
}


class Documents:
    """Brings over the documents of one run.

    :param importer: the running `Importer`, which has brought the contacts over
    :param account: the `account.account` that stands against them; without one none comes over,
        which is told of each
    :param str rule: by which they are due, one of `ledger.RULES`
    """

    def __init__(self, importer, account, rule):
        self.importer, self.account, self.rule = importer, account, rule
        self.env = importer.env
        self.today = importer.run.date.date()
        self.journals, self.currencies = {}, {}

    def bring_over(self):
        importer = self.importer
        count = importer.counts["documents"]
        documents = {
            f"journal_main.{document.id}": document
            for document in importer.company.documents
            if document.is_open and document.balance
        }
        if importer.counting:
            count["read"] += len(documents)
        if importer.counting or importer.recalling:
            return
        known = importer.known_like("journal_main.%", *_MODELS)
        if not self.account:
            self._leave(documents, known)
            return
        fresh = []
        for key, document in documents.items():
            count["read"] += 1
            if key in known:
                self._follow(key, known[key], document)
            elif document.contact not in importer.partners:
                importer.tell_of_nobody(key, document)
                count["skipped"] += 1
            else:
                fresh.append((key, document))
        for key, record in known.items():
            if key not in documents and record.given["balance"] != "0" and importer.is_ended(key):
                self._settle(key, record)
        # Those without a number last: Odoo's for them is then none of the others'.
        fresh.sort(key=lambda row: not row[1].number)
        for rows in importer.batches("documents", fresh, _BATCH):
            self._book(rows)

    def _leave(self, documents, known):
        importer, count = self.importer, self.importer.counts["documents"]
        for key, document in documents.items():
            count["read"] += 1
            if key in known and known[key].given == self._given(document):
                count["unchanged"] += 1
            else:
                importer.problem_of(key, "balance", str(document.balance), "no_opening_account")
                count["skipped"] += 1

    def _book(self, rows):
        importer, count = self.importer, self.importer.counts["documents"]
        rows = [(key, document, self._vals(document)) for key, document in rows]
        moves, kept = importer.create_all(rows, self._post, self._book_alone), []
        for (key, document, vals), move in zip(rows, moves, strict=True):
            if not move:
                count["skipped"] += 1
                continue
            if vals.get("name", move.name) != move.name:
                importer.problem_of(key, "invoice_num", document.number, "number_other")
            if document.date > self.today:
                importer.problem_of(key, "post_date", str(document.date), "document_future")
            if (
                not document.rate
                and self._get_currency(document.currency) != move.company_currency_id
            ):
                importer.problem_of(key, "currency_rate", document.currency, "rate_wrong")
            count["created"] += 1
            if notes := as_html(document.notes):
                # As those of orders: for us, and not printed.
                move._message_log(body=html_sanitize(notes))
            record = self._get_known(move)
            kept.append((key, record, self._given(document), _written(record)))
        importer.remember(kept, was_created=True)

    def _book_alone(self, row):
        """As `Importer.created`; where Odoo refuses the number, because it reads like that of
        another year or is taken, with a number of Odoo's."""
        key, document, vals = row
        with_other_number = (key, document, {**vals, "name": "/"})
        return self.importer.created(None, self._post, [row]) or self.importer.created(
            key, self._post, [with_other_number]
        )

    def _post(self, rows):
        moves = self._as_import(self.env["account.move"])
        moves = moves.create([vals for _key, _document, vals in rows])
        moves.action_post()
        return moves

    def _as_import(self, records):
        """:return: the records, in the context that says what brings them over"""
        return records.with_context(tracking_disable=True, bizuno_import=self.importer)

    def _get_known(self, move):
        """:return: what a document is known by: itself, or what is open of an unapplied payment"""
        return (
            move.line_ids.filtered(lambda line: line.account_id != self.account)
            if move.move_type == "entry"
            else move
        )

    def _given(self, document):
        return {
            "balance": str(document.balance), "number": document.number,
            "date": str(document.date), "due": str(document.due[self.rule]),
            "contact": document.contact, "journal": document.journal,
        }  # fmt: skip

    def _vals(self, document):
        if document.journal in ledger.PAYMENT_SIGNS:
            return self._payment_vals(document)
        is_sale = document.journal in ledger.RECEIVABLE
        kind = "invoice" if document.balance > 0 else "refund"
        label = document.number or document.id
        currency, amount = self._currency(document)
        vals = {
            "move_type": f"{'out' if is_sale else 'in'}_{kind}",
            "partner_id": self.importer.partners[document.contact],
            "journal_id": self._journal("sale" if is_sale else "purchase").id,
            "invoice_date": as_text(min(document.date, self.today)),
            "invoice_date_due": as_text(document.due[self.rule]),
            "invoice_payment_term_id": self._term(document),
            "invoice_user_id": self.importer.user_of("journal_main", "rep_id", document.rep),
            "payment_reference": label,
            "ref": (document.po_number if is_sale else document.number) or False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": label,
                        "account_id": self.account.id,
                        "quantity": 1,
                        "price_unit": abs(amount),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
        if is_sale and document.number:
            vals["name"] = document.number
        return vals | currency

    def _term(self, document):
        """:return: id of the payment term, where it says the day on which the document is due here
        (Bizuno's aging has another one for some), else False"""
        if document.due[self.rule] != document.due["reference_rule"] or document.date > self.today:
            return False
        return self.importer.payment_term(document.its_terms)

    def _currency(self, document):
        """:return: ({field: value}, the amount): in the document's currency at Bizuno's rate, where
        Odoo has that currency and comes back to the same balance; else in the company's"""
        own = self.importer.run.company_id.currency_id
        other = self._get_currency(document.currency)
        if other != own and document.rate:
            amount = other.round(float(document.balance * document.rate))
            if not own.compare_amounts(
                own.round(amount / float(document.rate)), float(document.balance)
            ):
                vals = {"currency_id": other.id, "invoice_currency_rate": float(document.rate)}
                return vals, amount
        return {"currency_id": own.id}, float(document.balance)

    def _get_currency(self, code):
        if code not in self.currencies:
            own = self.importer.run.company_id.currency_id
            currency = self.env["res.currency"].search([("name", "=", code)], limit=1)
            self.currencies[code] = currency or own
            if not currency and code:
                self.importer._problem("journal_main", "", "currency", code, "currency_inactive")
        return self.currencies[code]

    def _payment_vals(self, document):
        side = _side(document.journal)
        partner = self.env["res.partner"].browse(self.importer.partners[document.contact])
        label = document.number or document.id
        day = as_text(min(document.date, self.today))
        balance = float(document.balance) * (1 if side == "receivable" else -1)
        return {
            "move_type": "entry",
            "journal_id": self._journal("general").id,
            "date": day,
            "ref": label,
            "line_ids": [
                Command.create(
                    {
                        "name": label, "account_id": partner[_ACCOUNTS[side]].id,
                        "partner_id": partner.id, "date_maturity": day, "balance": balance,
                    }
                ),
                Command.create(
                    {
                        "name": label, "account_id": self.account.id, "partner_id": partner.id,
                        "balance": -balance,
                    }
                ),
            ],
        }  # fmt: skip

    # what has come over before
    def _follow(self, key, known, document):
        """What is open of a document in Bizuno now is open here, if nobody has used it."""
        importer, bizuno_values = self.importer, self._given(document)
        if known.given == bizuno_values:
            importer.counts["documents"]["unchanged"] += 1
        elif (
            known._is_touched()
            or not self._can_become(_move(known), document, known.given)
            or not importer.attempt(None, lambda: self._rebook(_move(known), document))
        ):
            importer.problem_of(key, "balance", str(document.balance), "document_changed")
            importer.counts["documents"]["unchanged"] += 1
        else:
            self._keep(known, bizuno_values)

    def _settle(self, key, known):
        """A document is open in Bizuno no longer: no more is it here, if nobody has used it."""
        importer = self.importer
        importer.counts["documents"]["read"] += 1
        move = self._as_import(_move(known))

        def cancel():
            move.button_draft()
            move.button_cancel()

        if known._is_touched() or not importer.attempt(None, cancel):
            importer.problem_of(key, "closed", known.given["number"], "document_settled")
            importer.counts["documents"]["unchanged"] += 1
        else:
            self._keep(known, {**known.given, "balance": "0"})

    def _keep(self, known, bizuno_values):
        known.given = bizuno_values
        known.written = _written(self.env[known.res_model].browse(known.res_id))
        self.importer.counts["documents"]["updated"] += 1

    def _can_become(self, move, document, before):
        """A credit that has become a debt is another document, and so is somebody else's."""
        vals = self._vals(document)
        return vals["move_type"] == move.move_type and document.contact == before["contact"]

    def _rebook(self, move, document):
        move = self._as_import(move)
        vals = self._vals(document)
        if move.move_type == "entry":
            name, amount = "line_ids", "balance"
            known = self._get_known(move)
            lines = known + (move.line_ids - known)
        else:
            name, amount, lines = "invoice_line_ids", "price_unit", move.invoice_line_ids
        pairs = zip(lines, vals.pop(name), strict=True)
        new = [Command.update(line.id, {amount: vals[amount]}) for line, (_, _, vals) in pairs]
        for fixed in ("move_type", "partner_id", "journal_id", "name"):
            vals.pop(fixed, None)
        move.button_draft()
        move.write({**vals, name: new})
        move.action_post()

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
        :return: [(contact, side, what is open by the file, what is booked here)], in the company's
            currency; of documents that nobody can book, what can be read
        """
        importer, rows = self.importer, []
        contacts = importer.company.contacts
        known = importer.known_like("journal_main.%", *_MODELS)
        for side, journals in _SIDES.items():
            opened = [*importer.company.documents, *importer.company.unbookable]
            theirs = ledger.open_amounts(opened, journals)
            here = self._booked(side, journals, known)
            for contact in {*theirs, *here}:
                name = contacts[contact].name if contact in contacts else contact
                total = float(theirs.get(contact, 0))
                if total or here.get(contact):
                    rows.append((name, side, total, here.get(contact, 0.0)))
        return sorted(rows)

    def _booked(self, side, journals, known):
        sign = 1 if side == "receivable" else -1
        records = [record for record in known.values() if record.given["journal"] in journals]
        here = {}
        for model in _MODELS:
            ids = [record.res_id for record in records if record.res_model == model]
            here |= {
                (model, booked_record.id): booked_record
                for booked_record in self.env[model].browse(ids).exists()
            }
        booked = {}
        for record in records:
            if document := here.get((record.res_model, record.res_id)):
                is_move = record.res_model == "account.move"
                if document["state" if is_move else "parent_state"] != "posted":
                    continue
                open_amount = document["amount_residual_signed" if is_move else "amount_residual"]
                contact = record.given["contact"]
                booked[contact] = booked.get(contact, 0.0) + sign * open_amount
        return booked


def _side(journal):
    return next(side for side, journals in _SIDES.items() if journal in journals)


def _move(known):
    record = known.env[known.res_model].browse(known.res_id)
    return record.move_id if known.res_model == "account.move.line" else record


def _written(record):
    if record._name == "account.move.line":
        return {
            "parent_state": record.parent_state,
            "amount_residual": record.amount_residual,
        }
    return {
        "state": record.state,
        "amount_residual": record.amount_residual,
        "invoice_date_due": as_text(record.invoice_date_due),
    }


def differs(row, currency):
    """:return: whether the two amounts of a row of the proof are not the same"""
    return float_compare(row[2], row[3], precision_rounding=currency.rounding) != 0
