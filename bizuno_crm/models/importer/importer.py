"""Brings a company that was read from Bizuno into Odoo: each kind of record is one step."""

from collections import Counter

from ...logic.bizuno_dump import ledger
from ...logic.bizuno_dump import orders as order_rows
from ...logic.bizuno_dump.problems import Problem
from ...logic.bizuno_dump.values import storable
from .addresses import Addresses
from .contacts import Contacts
from .crm import Crm
from .gone import Gone
from .orders import SaleOrders
from .pieces import Pieces
from .prices import Prices
from .rows import Rows
from .upgraded import Upgraded

#: In the order in which they are brought over; a record comes after those that it names.
STEPS = (
    "products",
    "price_sheets",
    "contacts",
    "addresses",
    "documents",
    "orders",
    "purchase_orders",
    "vendor_prices",
    "action_codes",
    "log",
    "projects",
    "reminders",
    "promotions",
)
COUNTS = ("read", "created", "updated", "unchanged", "skipped")
#: The problems for which a row does not come over at all.
LEFT_OUT = {"amount_wrong", "contact_left", "document_contact", "document_of_nobody",
            "insert_unknown", "json_wrong", "log_future", "no_date", "no_opening_account",
            "no_sku", "order_empty", "order_line_empty", "orphan", "price_number", "price_of_item",
            "price_source", "price_vendor", "price_vendor_app", "promotion_sender",
            "purchase_open", "refused", "row_length", "row_twice", "row_unreadable", "sku_twice",
            "user_unmapped"}  # fmt: skip


class Importer(Contacts, Addresses, Crm, Prices, Pieces, Gone, Upgraded, Rows):
    """One run.

    :param env: of an administrator, as superuser
    :param run: `bizuno.import.run`, to whose company everything is brought
    :param company: `logic.bizuno_dump.company.Company`
    :param documents: callable that gives, for the importer, what brings the open documents over;
        None leaves them
    :param purchases: callable that gives, for the importer, what brings over what is bought: with
        `bring_orders` and `bring_prices`; None where there is no app for it
    :param dict users: {user of Bizuno: id of a `res.users`}, of those who are somebody here
    """

    def __init__(self, env, run, company, users, documents=None, purchases=None):
        self.env, self.run, self.company, self.users = env, run, company, users
        # What is written is in one language, whoever runs it again.
        lang = run.company_id.partner_id.lang or "en_US"
        self.words = env["base"].with_context(lang=lang).env
        self.problems = []
        self.counts = {step: Counter() for step in STEPS}
        self.partners, self.products, self.pricelists = {}, {}, {}
        #: {address of Bizuno: id of a `res.partner`}
        self.places = {}
        self._terms, self._chosen = {}, {}
        #: Who was told to be nobody here.
        self._nobody = set()
        #: Nothing is written: the rows are only counted, or what they have become is found again.
        self.counting = self.recalling = False
        self.documents = documents and documents(self)
        self.purchases = purchases and purchases(self)
        #: {key of a row: names of the fields that were written anew}
        self.rewritten = {}
        #: Function of the step and how many of its rows are dealt with; it may stop the run.
        self.on_progress = None

    def bring_over(self, step, rest=None):
        """Do one step, after those before it.

        :param dict rest: see `Pieces.begin_piece`
        :return: ({step: {count: number}}, list of Problem)
        :raise PieceEnded: there is more of it, for another piece
        """
        # Each time anew: it may be done again, after it was taken back.
        self.begin_piece(rest)
        self.counts, self.problems = {name: Counter() for name in STEPS}, []
        getattr(self, f"_bring_{step}")()
        return {name: dict(count) for name, count in self.counts.items() if count}, self.problems

    def recall(self, step):
        """Find again what a step has made that was done before; nothing is written."""
        self.recalling = True
        try:
            self.bring_over(step)
        finally:
            self.recalling = False

    def count(self):
        """:return: {step: how many rows it will read}; nothing is brought over"""
        self.counting, read = True, Counter()
        try:
            for step in STEPS:
                for name, count in self.bring_over(step)[0].items():
                    read[name] += count.get("read", 0)
        finally:
            self.counting = False
        return {step: read[step] for step in STEPS}

    def tell(self, step):
        """Tell how far a step is."""
        if self.on_progress:
            count = self.counts[step]
            self.on_progress(step, count.total() - count["read"])

    def is_ended(self, key):
        """
        :param str key: of an open document or order that the file does not have as such
        :return: whether it is settled in Bizuno, and not only unreadable in the file
        """
        is_whole = self.company.gaps.isdisjoint(ledger.TABLES)
        return is_whole and key.split(".")[1] not in self.company.unread

    def _bring_documents(self):
        if self.documents:
            with self.roles_of_documents(self.company.documents):
                self.documents.bring_over()

    def _bring_orders(self):
        wanted = self._wanted_orders()
        with self.roles_of_documents(wanted):
            SaleOrders(self, wanted).bring_over()

    def _bring_purchase_orders(self):
        if self.purchases:
            self.purchases.bring_orders()
            return
        for order in self.purchase_orders():
            key = f"journal_main.{order.id}"
            self.problem_of(key, "invoice_num", order.number, "purchase_open")
            self._skip("purchase_orders")

    def _wanted_orders(self):
        return [order for order in self.company.orders if order.journal in order_rows.SALES]

    def purchase_orders(self):
        """:return: those of vendors, with their quotations"""
        return [order for order in self.company.orders if order.journal in order_rows.PURCHASES]

    def _choice(self, kind, code, is_problem=True):
        """
        :param str kind: account, tax, store or pricelist, of those that the file names
        :param str code: of Bizuno
        :param bool is_problem: that there is none is a problem, told once
        :return: id of what it is here, or False
        """
        if code in ("", "0", "-1"):
            return False
        if (kind, code) not in self._chosen:
            self._chosen[kind, code] = self.run._get_choice(kind, code) or False
            if is_problem and not self._chosen[kind, code]:
                self._problem(kind, code, "", code, "choice_missing")
        return self._chosen[kind, code]

    def user_of(self, table, field, id_):
        """
        :param str id_: whom a row of the table names in this field
        :return: id of the user, False for none; who is nobody here is told once
        """
        if not id_ or id_ in self.users:
            return self.users.get(id_, False)
        if id_ in self.company.users:
            name = self.company.users[id_].name
            self._tell_nobody("users", id_, "", name, "user_missing")
        elif table != "contacts":
            # Those of contacts are told with each of them.
            self._tell_nobody(table, "", field, self.name_of(id_), "user_none")
        return False

    def name_of(self, id_):
        """:return: name of a user or contact of Bizuno, else what is known of them"""
        who = self.company.users.get(id_) or self.company.contacts.get(id_)
        return who.name if who else id_

    def _tell_nobody(self, *problem):
        if problem not in self._nobody:
            self._nobody.add(problem)
            self._problem(*problem)

    def _codes(self, model):
        records = self.env[model].with_context(active_test=False).search_fetch([], ["code"])
        return {record.code: record.id for record in records if record.code}

    def payment_term(self, wanted):
        """
        :param wanted: `logic.terms.Terms`
        :return: id of the payment term that does the same
        """
        if self.counting or self.recalling:
            return False
        if wanted.effect not in self._terms:
            term = self.env["account.payment.term"]._get_for_bizuno(wanted)
            self._terms[wanted.effect] = term.id
        return self._terms[wanted.effect]

    def _skip(self, step, read=True):
        self.counts[step].update(read=int(read), skipped=1)

    def _problem(self, table, row, field, value, code):
        text = storable(str(value))[:200]
        self.problems.append(Problem(table, storable(str(row)), field, text, code))

    def tell_of_nobody(self, key, document):
        """Tell of a document that its contact has not come over; of one who is gone in Bizuno, the
        file has told."""
        if document.contact in self.company.contacts:
            self.problem_of(key, "contact_id_b", document.contact, "document_of_nobody")

    def problem_of(self, key, field, value, code):
        """Tell that something is wrong with a row."""
        table, _dot, row = key.partition(".")
        self._problem(table, row, field, value, code)
