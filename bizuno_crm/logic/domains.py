"""Search domains in Odoo's prefix notation, as `list(Domain(…))` gives them."""


def conjuncts(tokens):
    """The conditions that every record found meets: those joined by nothing but “and”.

    :param tokens: operators ("&", "|", "!") and (field, operator, value), in prefix notation; what
        is neither is a condition that nothing is known of
    :return: a generator of (field, operator, value)

    >>> list(conjuncts(["&", ("a", "=", 1), "&", ("b", "=", 2), ("c", "=", 3)]))
    [('a', '=', 1), ('b', '=', 2), ('c', '=', 3)]
    >>> either = ["|", ("a", "=", 1), ("b", "=", 2)]
    >>> list(conjuncts(["&", *either, "&", "!", ("c", "=", 3), ("d", "=", 4)]))
    [('d', '=', 4)]
    >>> list(conjuncts(["|", "&", ("a", "=", 1), ("b", "=", 2), ("c", "=", 3)]))
    []
    >>> list(conjuncts([]))
    []
    """
    is_joined = [True]
    for token in tokens:
        joined = is_joined.pop()
        if token == "&":
            is_joined += [joined, joined]
        elif token == "|":
            is_joined += [False, False]
        elif token == "!":
            is_joined.append(False)
        elif joined and isinstance(token, tuple):
            yield token
