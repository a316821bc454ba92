"""Sentence frames of the looser captions, one tuple per situation.

{a} is a noun with its article, {noun} without; {had} what it has, {bare} the same without an article;
{missing} what it lacks; {clause} a whole clause, {does} one that said "it" without that; {part} a part name.
"""

from __future__ import annotations

WITH = (
    *("please make {a} with {had}", "make {a} with {had}", "i want {a} with {had}", "i need {a} with {had}"),
    *("i'd like {a} with {had}", "i am looking for {a} with {had}", "give me {a} with {had}"),
    *("show me {a} with {had}", "can i have {a} with {had}?", "could you make {a} with {had}?"),
    *("do you have {a} with {had}?", "design {a} with {had}", "draw {a} with {had}", "build {a} with {had}"),
    *("generate {a} with {had}", "create {a} with {had}", "imagine {a} with {had}", "{a} having {had}"),
    *("something with {had}", "anything with {had}", "one with {had}", "{a} featuring {had}"),
    *(
        "{a} that has {had}",
        "{noun} which has {had}",
        "the {noun} that has {had}",
        "{a} that comes with {had}",
    ),
    *("{noun}, {bare}", "{noun}: {bare}", "{noun} w/ {bare}", "{noun} + {bare}", "{bare}, {noun}"),
    *("what i want is {a} with {had}", "my {noun} has {had}", "there is {a} with {had}", "{a}; it has {had}"),
    *("{a}. it has {had}", "it should have {had}", "it must have {had}", "it comes with {had}"),
    *(
        "need {noun} with {bare}",
        "want {noun}, {bare}",
        "{noun} with {bare} please",
        "i want {noun} with {bare}",
    ),
    *("how about {a} with {had}?", "have you got one with {had}?", "we see {a} with {had}"),
)
"""A shape with what it has."""

LACKING = (
    *("{noun} minus the {missing}", "{noun} lacking {missing}", "{a} that lacks {missing}"),
    *("{noun} without any {missing}", "please, no {missing}", "no {missing} please", "i want no {missing}"),
    *("skip the {missing}", "leave out the {missing}", "{noun}, no {missing}", "something without {missing}"),
    *("{a} which does not have {missing}", "there should be no {missing}", "it must not have {missing}"),
    *("one without {missing}", "i want {a} without {missing}", "make {a} that has no {missing}"),
    *("{a} free of {missing}", "i do not want any {missing}", "it does not come with {missing}"),
)
"""A shape and what it lacks."""

WITH_LACKING = (
    *("{a} with {had}, minus the {missing}", "{noun} with {had}, lacking {missing}"),
    *("please make {a} with {had} but without {missing}", "i want {a} with {had} and no {missing}"),
    *("{had} but without any {missing}", "{noun}: {bare}, no {missing}", "{bare}; no {missing}"),
    *("it should have {had} but no {missing}", "something with {had} that lacks {missing}"),
    *("{a} that has {had} yet no {missing}", "{noun}, {bare}, without {missing}"),
)
"""A shape with what it has and what it lacks."""

SAYING = (
    *("{clause}", "{a}; {clause}", "{a}. {clause}", "{a} where {clause}", "{noun}: {clause}"),
    *("this is {a}: {clause}", "i want {a} where {clause}", "make sure {clause}", "it is {a}. {clause}"),
    *("in this {noun} {clause}", "please make {a} where {clause}", "{noun}, {clause}"),
)
"""A shape and a clause about it."""

DOING = (
    *("{a} that {does}", "something that {does}", "one that {does}", "i want {a} that {does}", "{does}"),
    *("{noun} which {does}", "give me something that {does}", "the one that {does}", "this {noun} {does}"),
    *("is there {a} that {does}?", "please make {a} that {does}", "{noun} that {does}"),
)
"""A shape and a clause about it that said "it"."""

WHOSE = ("{a} whose {owner} {state}", "the one whose {owner} {state}", "{noun} whose {owner} {state}")
"""A shape and a clause about one of its parts."""

PART_WITH = (
    *(
        "give it {had}",
        "i want {had}",
        "it should have {had}",
        "let it have {had}",
        "{had} please",
        "try {had}",
    ),
    *(
        "{bare}, please",
        "how about {had}?",
        "with {had} instead",
        "{had} instead",
        "i prefer {had}",
        "use {had}",
    ),
    *("{part}: {bare}", "change this to {had}", "now {had}", "rather {had}", "make it have {had}", "{bare}"),
    *("could it have {had}?", "{had}", "go for {had}"),
)
"""An edit that asks for something."""

PART_REPLACED = (
    *("replace the {part} by {phrase}", "replace the {part} with {phrase}", "swap the {part} for {phrase}"),
    *("turn the {part} into {phrase}", "exchange the {part} for {phrase}", "change the {part} to {phrase}"),
)
"""An edit that names the part that goes and what comes."""

PART_SHOULD = (
    *("the {owner} should be {state}", "the {owner} must be {state}", "let the {owner} be {state}"),
    *("i want the {owner} to be {state}", "the {owner}: {state}", "have the {owner} be {state}"),
)
"""An edit that says how a part should be; with a single word also as in MAKE."""

MAKE = "make the {owner} {state}"

PART_LACKING = (
    *("remove the {missing}", "take away the {missing}", "get rid of the {missing}", "delete the {missing}"),
    *("leave out the {missing}", "drop the {missing}", "without any {missing}", "no {missing} please"),
    *("i want no {missing}", "lose the {missing}", "minus the {missing}", "no more {missing}"),
)
"""An edit that takes something away."""

PART_WORDS = {
    **{part: f"{part}s" for part in ("leg", "arm", "wheel", "stretcher", "drawer", "wing", "engine")},
    "propeller": "propellers",
    "float": "floats",
    "gear": "landing gear",
}
"""What people call parts that are not called by their name."""
