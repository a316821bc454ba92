"""Captions the way people word things who have not read ours: requests, tags, similes, several sentences."""

from __future__ import annotations

import re

import numpy as np

from core.corpus import caption_frames as frames
from core.corpus.caption_facts import Facts, bare, pick
from core.corpus.caption_phrases import (
    draw_aspects,
    draw_noun,
    lacking_last,
    listed,
    loose_clause,
    loose_phrase,
    loose_tag,
    with_article,
)

_STATE = re.compile(r"the (?P<owner>[a-z ]+?) (?P<verb>is|are) (?P<state>.+)")
_NUMBERS = re.compile(r"(one|two|three|four|five|six|seven|eight|nine|\d+)( |$)")


def loose_whole(facts: Facts, rng: np.random.Generator) -> str:
    """One caption of the whole shape."""
    style = rng.random()
    if style < 0.05:
        noun = draw_noun(facts, rng, 0.5, loose=True)
        return noun if noun != facts.nouns[0] else draw_noun(facts, rng, 1.0, loose=True)
    count = 1 + int(np.searchsorted([0.5, 0.88], rng.random(), side="right"))
    chosen = lacking_last(facts, draw_aspects(facts, rng, count, None))
    if style < 0.3:
        return _saying(facts, chosen[:2], rng)
    if style < 0.52:
        return _tags(facts, chosen, rng)
    lacking = [aspect for aspect in chosen if aspect in facts.lacks]
    if lacking and rng.random() < 0.5:
        return _lacking(facts, lacking[0], [aspect for aspect in chosen if aspect in facts.has], rng)
    return _framed(facts, pick(rng, frames.WITH), chosen, rng)


def loose_part(facts: Facts, part: str, rng: np.random.Generator) -> str | None:
    """One caption of one part, worded like a request to edit it, or None where nothing is known about it."""
    chosen = lacking_last(facts, draw_aspects(facts, rng, 1 if rng.random() < 0.7 else 2, part))
    if not chosen:
        return None
    aspect, style, word = chosen[0], rng.random(), frames.PART_WORDS.get(part, part)
    if style < 0.2:
        return loose_tag(facts, aspect, rng)
    if style < 0.4:
        return _should(loose_clause(facts, aspect, rng), rng)
    if aspect in facts.lacks:
        missing = facts.say_missing(rng, aspect)
        return pick(rng, frames.PART_LACKING).format(missing=missing)
    phrase = loose_phrase(facts, aspect, rng)
    there = part not in facts.lacks  # what is not there cannot be replaced
    if style < 0.6 and there and bare(phrase).endswith(f" {word}"):
        return pick(rng, frames.PART_REPLACED).format(part=word, phrase=_short_for(phrase, word, rng))
    had = [loose_phrase(facts, other, rng) for other in chosen if other not in facts.lacks]
    without = [bare(one) for one in had]
    fitting = [frame for frame in frames.PART_WITH if there or "{part}" not in frame]
    return pick(rng, fitting).format(part=word, had=listed(had), bare=listed(without))


def _short_for(phrase: str, word: str, rng: np.random.Generator) -> str:
    """Say "thick ones" for "thick legs", half of the time; numbers need their noun."""
    described = phrase.removesuffix(word)
    if rng.random() < 0.5 or _NUMBERS.match(phrase) or described.endswith((" of ", "table ")):
        return phrase
    return described + ("ones" if word.endswith("s") else "one")


def _framed(facts: Facts, frame: str, chosen: list[str], rng: np.random.Generator, missing: str = "") -> str:
    noun = draw_noun(facts, rng, 0.25, loose=True)
    had = [loose_phrase(facts, aspect, rng) for aspect in chosen]
    without = [bare(phrase) for phrase in had]
    fields = {"had": listed(had), "bare": listed(without)} if had else {}
    return frame.format(a=with_article(noun), noun=noun, missing=missing, **fields)


def _lacking(facts: Facts, lacking: str, having: list[str], rng: np.random.Generator) -> str:
    missing = facts.say_missing(rng, lacking)
    return _framed(facts, pick(rng, frames.WITH_LACKING if having else frames.LACKING), having, rng, missing)


def _tags(facts: Facts, chosen: list[str], rng: np.random.Generator) -> str:
    """Fragments separated by commas, with or without the noun."""
    tags = [loose_tag(facts, aspect, rng) for aspect in chosen]
    where = rng.random()
    if where < 0.3:
        tags.insert(0, draw_noun(facts, rng, 0.1, loose=True))
    elif where < 0.45:
        tags.append(draw_noun(facts, rng, 0.1, loose=True))
    return pick(rng, [", ", ", ", "; "]).join(tags)


def _saying(facts: Facts, chosen: list[str], rng: np.random.Generator) -> str:
    """One or two clauses, with or without the noun."""
    clauses = [loose_clause(facts, aspect, rng) for aspect in chosen]
    if len(clauses) > 1:
        return pick(rng, ["{}. {}", "{} and {}", "{}, {}", "{}; {}"]).format(*clauses)
    clause, noun = clauses[0], draw_noun(facts, rng, 0.2, loose=True)
    fields = {"a": with_article(noun), "noun": noun, "clause": clause}
    if clause.startswith("it "):
        return pick(rng, frames.DOING).format(does=clause.removeprefix("it "), **fields)
    state = _STATE.fullmatch(clause)
    if state and rng.random() < 0.4:
        verb = f"{state['verb']} {state['state']}"
        return pick(rng, frames.WHOSE).format(owner=state["owner"], state=verb, **fields)
    return pick(rng, frames.SAYING).format(**fields)


def _should(clause: str, rng: np.random.Generator) -> str:
    """Turn a clause that says how a part is into a request, half of the time."""
    found = _STATE.fullmatch(clause)
    if found is None or found["state"] == "missing" or rng.random() < 0.4:
        return clause
    owner, state = found["owner"], found["state"]
    if state.startswith("not "):
        return f"the {owner} should {state.replace('not ', 'not be ', 1)}"
    if " " not in state and rng.random() < 0.5:
        return frames.MAKE.format(owner=owner, state=state)
    return pick(rng, frames.PART_SHOULD).format(owner=owner, state=state)
