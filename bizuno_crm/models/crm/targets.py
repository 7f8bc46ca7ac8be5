def check_readable(*targets):
    """Nobody makes a record about what they may not see.

    :param targets: record sets
    :raise AccessError: if one of them is not the user's to see
    """
    for records in targets:
        # None at all would be a question about the whole model.
        if records:
            records.check_access("read")
