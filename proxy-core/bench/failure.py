"""An end that the user can mend: one line, no stack trace."""


class Failure(Exception):
    """Says what is wrong and what to do about it."""
