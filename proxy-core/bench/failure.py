"""Ends that the user can mend: one line, no stack trace."""


class Failure(Exception):
    """Says what is wrong and what to do about it."""

    exit_code = 1


class Missing(Failure):
    """A program is not installed, or this is no machine to measure on."""

    exit_code = 3
