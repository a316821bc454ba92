"""How captions deny things: the words before a mention that make it a denial."""

import re

_WORDS = (
    "no|no more|without|not have|doesn't have|does not come with|not want|lacks?|lacking|minus|never|free of"
    "|remove|take away|get rid of|delete|leave out|drop|lose|skip|not|not an?|not on|not be|cannot|cannot see"
    "|nothing"
)
_BEFORE = re.compile(rf"\b({_WORDS})( any| the| an?)?( (?!and\b|but\b)[a-z]+){{0,3}} ?$")
_RIGHT_BEFORE = re.compile(rf"\b({_WORDS})( any| the| an?)? $")
_AFTER = re.compile(r"[a-z]* (is|are) missing")


def denied(text: str, mention: re.Match[str]) -> bool:
    """Whether the caption says that what it mentions is missing."""
    before, after = text[: mention.start()], text[mention.end() :]
    return bool(_BEFORE.search(before) or _AFTER.match(after))


def denied_outright(text: str, mention: re.Match[str]) -> bool:
    """Whether a denial stands right before the mention, so that it can mean nothing else."""
    return bool(_RIGHT_BEFORE.search(text[: mention.start()]))
