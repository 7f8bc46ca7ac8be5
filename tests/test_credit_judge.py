"""Properties of the judge of credit, for any position, documents and policy."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.bizuno_crm.logic.credit import (
    APPROVAL,
    BLOCK,
    HOLD,
    LOCKED,
    OVER_LIMIT,
    POLICIES,
    WARN,
    Allowance,
    Document,
    Policy,
    Position,
    judge,
)
from odoo.tools import float_compare

# Amounts as they come: rounded to cents.
cents = st.integers(0, 500_000).map(lambda amount: amount / 100)
signed = st.integers(-500_000, 500_000).map(lambda amount: amount / 100)
statuses = st.sampled_from(["active", HOLD, LOCKED])
allowances = st.builds(Allowance, cents, st.none() | cents, st.just(0.01))
positions = st.builds(
    Position,
    limit=st.sampled_from([0, 0.01, 1000]) | cents,
    open=signed,
    past_due=cents,
    unapplied=cents,
    account_status=statuses,
)
documents = st.lists(
    st.builds(
        Document,
        key=st.integers(0, 1000),
        added=cents,
        uncounted=st.just(0.0) | cents,
        is_counted=st.booleans(),
        paid=st.just(0.0) | cents,
        covered=st.just(0.0) | cents,
        to_pay=st.none() | signed,
        orderer_status=statuses,
        allowances=st.lists(st.lists(allowances, max_size=2), max_size=2).map(tuple),
        is_delivered=st.booleans(),
    ),
    min_size=1,
    max_size=4,
)
policies = st.builds(Policy, st.sampled_from(POLICIES), st.sampled_from(["same", APPROVAL, BLOCK]))
# Nobody has approved anything, and nothing is delivered.
PLAIN = {"allowances": (), "is_delivered": False}


def severity(verdict):
    return -1 if verdict.action is None else POLICIES.index(verdict.action)


def severities(verdicts):
    return [severity(verdict) for verdict in verdicts]


def plain(some, **values):
    return [document._replace(**{**PLAIN, **values}) for document in some]


def owed_with(position, some):
    """What is owed once all of them are confirmed and what is paid for them is booked."""
    owed = position.open
    for document in some:
        owed += document.uncounted + (0 if document.is_counted else document.added)
        owed -= document.settled + document.covered
    return owed


@given(positions, documents, policies)
def test_there_is_one_verdict_on_each_in_the_same_order(position, some, policy):
    assert [verdict.document for verdict in judge(position, some, policy)] == some


@given(positions, documents)
def test_a_document_over_the_limit_is_stopped_and_none_below_it(position, some):
    """By a plain sum of the whole account."""
    is_over = bool(position.limit) and owed_with(position, some) > position.limit + 0.001
    is_below = not position.limit or owed_with(position, some) < position.limit + 0.001
    for verdict in judge(position, plain(some), Policy(BLOCK, APPROVAL)):
        if is_over and verdict.amount > 0:
            assert verdict.action == BLOCK
        if is_below or verdict.amount <= 0:
            assert OVER_LIMIT not in verdict.reasons
            assert verdict.action != BLOCK


@given(positions, documents)
def test_hold_and_lock_stop_all_that_is_not_paid_in_full(position, some):
    for verdict in judge(position, plain(some), Policy(WARN, BLOCK)):
        document = verdict.document
        is_held = {position.account_status, document.orderer_status} & {HOLD, LOCKED}
        is_paid = document.to_pay is not None and document.to_pay <= document.paid
        assert (verdict.action == BLOCK) == bool(is_held and not is_paid)


@given(positions, documents, policies, cents)
def test_what_is_paid_only_helps(position, some, policy, more):
    before = judge(position, some, policy)
    paid = [some[0]._replace(paid=some[0].paid + more), *some[1:]]
    after = judge(position, paid, policy)
    assert all(now <= then for now, then in zip(severities(after), severities(before), strict=True))


@given(positions, documents, policies)
def test_an_approval_and_a_delivery_only_help(position, some, policy):
    """So they are looked up where something stands against a document, and nowhere else."""
    before = severities(judge(position, plain(some), policy))
    after = severities(judge(position, some, policy))
    delivered = severities(judge(position, plain(some, is_delivered=True), policy))
    assert all(now <= then for now, then in zip(after, before, strict=True))
    assert all(now <= POLICIES.index(WARN) for now in delivered)
    for verdict, then in zip(judge(position, some, policy), before, strict=True):
        if then == POLICIES.index(APPROVAL) and verdict.document.is_approved:
            assert verdict.action in (None, WARN)
        if then == POLICIES.index(BLOCK) and not verdict.document.is_delivered:
            assert verdict.action == BLOCK


@given(positions, documents, policies)
def test_no_document_makes_room_for_another(position, some, policy):
    """One that comes along takes room, unless more is paid for it than it lends."""
    added = Document("last", added=5, paid=0)
    alone = severities(judge(position, some, policy))
    together = severities(judge(position, [*some, added], policy))[:-1]
    assert all(now >= then for now, then in zip(together, alone, strict=True))


@given(positions, documents, policies)
def test_what_is_counted_already_is_not_counted_again(position, some, policy):
    """The same before and after it is confirmed, whether the account contains it by then or not."""
    before = judge(position, [one._replace(is_counted=False) for one in some], policy)
    counted = sum(document.added for document in some)
    account = position._replace(open=round(position.open + counted, 2))
    after = judge(account, [one._replace(is_counted=True) for one in some], policy)
    assert [(one.reasons, one.action, one.amount) for one in before] == [
        (one.reasons, one.action, one.amount) for one in after
    ]
    assert [one.position.open for one in before] == pytest.approx(
        [one.position.open for one in after]
    )


@given(positions, documents, policies)
def test_the_sentence_adds_up(position, some, policy):
    """What is open, and what the document adds to it, is what the customer then owes."""
    for verdict in judge(position, some, policy):
        total = verdict.position.open + verdict.amount
        assert total == pytest.approx(owed_with(position, some), abs=1e-5)
        if OVER_LIMIT in verdict.reasons:
            assert verdict.position.excess(verdict.amount) > 0


@given(positions, documents, policies)
def test_a_stricter_policy_lets_nothing_more_pass(position, some, policy):
    for strict in (Policy(BLOCK, policy.hold), Policy(policy.limit, BLOCK)):
        if strict.hold == "same" or policy.hold != "same":
            mild = severities(judge(position, some, policy))
            hard = severities(judge(position, some, strict))
            assert all(now >= then for now, then in zip(hard, mild, strict=True))


@given(
    st.integers(-10_000, 10_000), st.integers(-10_000, 10_000),
    st.sampled_from([0.01, 0.05, 1.0, 0.001]),
)  # fmt: skip
def test_an_approval_is_compared_as_odoo_compares_amounts(needed, granted, rounding):
    """In tenths of what the currency rounds to, halves included."""
    needed, granted = needed * rounding / 10, granted * rounding / 10
    expected = float_compare(needed, granted, precision_rounding=rounding) <= 0
    assert Allowance(needed, granted, rounding).is_enough == expected


@given(positions, documents, st.floats(-1e-9, 1e-9))
def test_the_last_binary_digits_decide_nothing(position, some, noise):
    exact = judge(position, some, Policy(BLOCK))
    noisy = judge(position._replace(open=position.open + noise), some, Policy(BLOCK))
    assert severities(exact) == severities(noisy)
    assert not any(math.isnan(one.amount) for one in noisy)
