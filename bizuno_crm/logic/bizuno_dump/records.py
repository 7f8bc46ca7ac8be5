"""What a Bizuno company is made of.

>>> Reminder("contacts_meta.7", "2", "Call", "w", None, date(2026, 12, 1)).next
datetime.date(2026, 12, 1)
"""

from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple


class Contact(NamedTuple):
    """`roles` are words of ROLES, `status` a word of STATUSES, `terms` is as encoded, "" for the
    settings' default; `owner` is the contact that a person of before 7.0 belongs to; `cells` are as
    in Bizuno's own export, see `contact_tags`."""

    id: str
    roles: tuple
    contact_id: str
    status: str
    name: str
    address: "Address"
    terms: str = ""
    rep: str = ""
    store: str = ""
    tax_exempt: bool = False
    marketplace: bool = False
    newsletter: bool = False
    account_number: str = ""
    gov_id: str = ""
    gl_account: str = ""
    price_sheet: str = ""
    tax_rate: str = ""
    first_date: date | None = None
    notes: str = ""
    owner: str = ""
    cells: dict = MappingProxyType({})


class Address(NamedTuple):
    """`emails` and `phones` are four each, "" where there is none; `country` is ISO-3."""

    id: str
    contact: str
    kind: str
    name: str
    attention: str
    first: str
    last: str
    title: str
    street: str
    street2: str
    city: str
    state: str
    zip: str
    country: str
    emails: tuple
    phones: tuple
    website: str
    notes: str


class User(NamedTuple):
    """Who logs in: `id` is as contacts, calls, projects and reminders name them."""

    id: str
    name: str
    login: str
    email: str


class LogEntry(NamedTuple):
    id: str
    contact: str
    date: datetime | None
    author: str
    action: str
    notes: str


class Project(NamedTuple):
    """`stage` and `market` are Bizuno's codes; `ambiguous` where 7.3.8 has cut the market to its
    first letter."""

    id: str
    number: str
    title: str
    contact: str
    oem: str
    market: str
    ambiguous: bool
    stage: str
    created: date | None
    created_by: str
    assigned_to: str
    assigned: date | None
    working_by: str
    reminder: date | None
    notes: str


class Reminder(NamedTuple):
    id: str
    user: str
    title: str
    rhythm: str
    start: date | None
    next: date | None


class Promotion(NamedTuple):
    id: str
    title: str
    start: date | None
    end: date | None
    subject: str
    body: str
    sent: tuple


class Product(NamedTuple):
    id: str
    sku: str
    name: str
    sales_text: str
    price: Decimal
    cost: Decimal
    is_service: bool
    is_inactive: bool
    account: str
    vendor: str = ""


class Order(NamedTuple):
    """An open quotation or order; amounts are in the company's currency. `made_from` is the
    document that it was made from, `is_begun` whether one has been made from it. It goes to the
    address with the id `address`, else to `ship_to`, which was typed for it, else to the main
    address of the contact `ship_contact`; "" where it does not say."""

    id: str
    journal: str
    number: str
    contact: str
    date: date
    last_day: date | None
    terms: str
    po_number: str
    rep: str
    store: str
    made_from: str
    address: str
    total: Decimal
    lines: tuple
    freight: Decimal
    discount: Decimal
    tax: Decimal
    is_begun: bool
    ship_contact: str = ""
    ship_to: Address | None = None
    notes: str = ""


class OrderLine(NamedTuple):
    """`quantity` is what is left of `ordered`; `amount` is that of all that was ordered."""

    id: str
    sku: str
    name: str
    ordered: Decimal
    quantity: Decimal
    amount: Decimal
    tax_rate: str


class PriceLevel(NamedTuple):
    """As in Bizuno; `number` counts from 1."""

    number: int
    quantity: float
    source: int
    adjust: int
    amount: Decimal
    rounding: int
    round_value: Decimal
    price: Decimal


class PriceSheet(NamedTuple):
    """`kind` is "c" for customers, "v" for vendors; `contact` and `item` are whom and what it is
    for alone, "" for all; `is_last` is applied on top of the others."""

    id: str
    title: str
    kind: str
    contact: str
    item: str
    is_inactive: bool
    is_default: bool
    is_last: bool
    currency: str
    levels: tuple


class Figures(NamedTuple):
    """Of a journal: how many documents, their sum, and how many are open."""

    count: int
    total: Decimal
    opened: int


class Company(NamedTuple):
    """`tables` are {table: rows read}, `journals` {journal: Figures}, `products` go by SKU, other
    dictionaries by Bizuno's id; of documents and orders only those that are open are kept. `unread`
    are the ids of open ones that nobody can book, because an amount or the date of theirs cannot
    be read, and `unbookable` are the documents among them, with what can be read; `gaps` are the
    tables with rows of which that is true. `list_` is what Bizuno's contact export says about
    itself, None for a dump."""

    prefix: str
    layout: str
    currency: str
    timezone: str
    default_terms: dict
    tables: dict
    years: dict
    contacts: dict
    users: dict
    addresses: list
    log: list
    actions: dict
    projects: list
    reminders: list
    promotions: list
    documents: list
    problems: list
    unbookable: list = ()
    unread: frozenset = frozenset()
    gaps: frozenset = frozenset()
    orders: list = ()
    products: dict = {}
    price_sheets: list = ()
    journals: dict = {}
    list_: tuple | None = None
    choices: dict = {}
