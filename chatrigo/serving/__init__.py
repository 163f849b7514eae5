"""How the processes of Chatrigo are started, watched and stopped."""


class CannotStart(Exception):
    """Something the person at the terminal must mend; the text is one clear line."""
