"""How captions deny things: the words before a mention that make it a denial."""

import re

_WORDS = (
    "no|no more|without|not have|doesn't have|does not come with|not want|lacks?|lacking|minus"
    "|never|free of"
    "|remove|take away|get rid of|delete|leave out|drop|lose|skip|not|not an?|not on|not be|cannot"
    "|cannot see"
    "|nothing|anything but|rather than|absent|missing|sans|zero|0|absence of|neither|nor|isn't"
    "|nobody put|instead of|took the|empty space where|bring your own|bring-your-own"
)
_BEFORE = re.compile(rf"\b({_WORDS})( any| the| an?)?( (?!and\b|but\b)[a-z]+){{0,3}}[ -]?$")
_LISTED = re.compile(r"\b(no|without) ([a-z]+, )+([a-z]+ )?(or )?$")
_RIGHT_BEFORE = re.compile(rf"\b({_WORDS})( any| the| an?)? $")
_AFTER = re.compile(
    r"-free|less\b|-less|: ?(none|no\b|0)| count(:| of)? ?(none|zero|0)"
    r"|[a-z]* ((is|are|was|has been left|have been|left|taken|was taken|sawn|to be) )?(missing"
    r"|removed|deleted|nowhere|left out|off|away)\b"
)


def denied(text: str, mention: re.Match[str]) -> bool:
    """Whether the caption says that what it mentions is missing."""
    before, after = text[: mention.start()], text[mention.end() :]
    listed = (
        _LISTED.search(before) and " or " in text
    )  # "no rungs, bars or braces", not "no pods, engine inside"
    return bool(before.endswith("non-") or _BEFORE.search(before) or listed or _AFTER.match(after))


def denied_after(text: str, mention: re.Match[str]) -> bool:
    """Whether what follows the mention denies it ("rungs: none", "the arms are missing")."""
    return bool(_AFTER.match(text[mention.end() :]))


def denied_outright(text: str, mention: re.Match[str]) -> bool:
    """Whether a denial stands right before the mention, so that it can mean nothing else."""
    return bool(_RIGHT_BEFORE.search(text[: mention.start()]))
