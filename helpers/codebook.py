"""Read and check a study's codebook: codebook.toml -> Codebook. No term of any study stands in code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from . import references
from .corpus import Refused, toml

ACTOR_KINDS = ("person", "state", "organisation", "group")
TIERS = ("core", "anaphor", "adjacent")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody the study is about: who is looked for by which names."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    country: str = ""
    central: bool = False  # a protagonist of the event: left out of the view "chosen sources only"
    gender: str = ""  # never set by a coder
    affiliation_type: str = ""  # where the text states none: what everybody knows of a head of state


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its terms (see terms.py for how they are written) and what they mean.

    exclude      longer expressions in which a term is something else (titles, bodies, fixed names)
    ambiguous    those terms that count only where the words of [framing] near stand about them
    established  those terms that name a thing which is there once put forward: modals in its predicate leave it so
    actors       ids of the actors of whom alone the frame is spoken; of all if empty
    role         the frame is a part that somebody plays, so that to deny it is to speak against the actor
    anaphors     words that take the frame up again, after a determiner and within two paragraphs of a core term
    """

    id: str
    label: str
    family: str
    tier: str
    definition: str
    terms: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    established: tuple[str, ...] = ()
    anaphors: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    role: bool = False


@dataclass(frozen=True, slots=True)
class Framing:
    """What holds for all frames: words that speak for (`near`) or against (`far`) the study's sense of a term."""

    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """All that a study says of its event; made by `read`, or empty for coding without a study."""

    title: str = ""
    actors: tuple[Actor, ...] = ()
    frames: tuple[Frame, ...] = ()
    framing: Framing = Framing()
    sentiment: Mapping[str, Any] = field(default_factory=dict)
    trade: Mapping[str, Any] = field(default_factory=dict)
    study: Mapping[str, Any] = field(default_factory=dict)
    references: tuple[references.Reference, ...] = ()  # the references.csv beside the codebook


def once(make: Callable[[Codebook], Any]) -> Callable[[Codebook], Any]:
    """A function of a codebook that remembers what it made of the last one; an equal codebook is the same."""
    latest: list[Any] = []

    @wraps(make)
    def made(codebook: Codebook) -> Any:
        if not latest or (latest[0] is not codebook and latest[0] != codebook):
            latest[:] = codebook, make(codebook)
        return latest[1]

    return made


def read(path: Path) -> Codebook:
    """The codebook in the TOML file `path`. Raises Refused with file, line and remedy where it is broken."""
    text = path.read_text(encoding="utf-8")
    data = toml(text, path)

    def refuse(key: str, remedy: str):
        at = next((i for i, line in enumerate(text.split("\n"), 1) if key in line), 1)
        raise Refused(f"{path}, line {at}: {remedy}")

    def lists(entry: Mapping, name: str) -> dict[str, Any]:
        """The entry with its lists as tuples of text."""
        for key, value in entry.items():
            if isinstance(value, list) and not all(isinstance(v, str) for v in value):
                refuse(key, f"{key} of {name} must be a list of words")
        return {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}

    def entries(section: str, kind: type, checks: Mapping[str, tuple[str, ...]]) -> tuple:
        made, seen = [], set()
        for entry in data.get(section, []):
            name = entry.get("id", "")
            if not name or name in seen:
                refuse(f'"{name}"', f"[[{section}]] needs an id of its own ({name or 'none given'})")
            seen.add(name)
            for key, allowed in checks.items():
                if entry.get(key) not in allowed:
                    refuse(f'"{name}"', f"{key} of {name} must be one of {', '.join(allowed)}")
            try:
                made.append(kind(**lists(entry, name)))
            except TypeError as error:
                refuse(f'"{name}"', f"{name}: {str(error).partition('__init__() ')[2]}; see the README, Codebook")
        return tuple(made)

    actors = entries("actors", Actor, {"kind": ACTOR_KINDS})
    frames = entries("frames", Frame, {"tier": TIERS})
    _check(frames, {a.id for a in actors}, refuse)
    try:
        framing = Framing(**lists(data.get("framing", {}), "[framing]"))
    except TypeError as error:
        refuse("[framing]", f"[framing]: {str(error).partition('__init__() ')[2]}; see the README, Codebook")
    return Codebook(
        title=data.get("study", {}).get("title", ""),
        study={"folder": str(path.parent), **data.get("study", {})},
        actors=actors,
        frames=frames,
        framing=framing,
        sentiment=data.get("sentiment", {}),
        trade=data.get("trade", {}),
        references=tuple(references.read(path.parent / "references.csv")),
    )


def _check(frames: tuple[Frame, ...], actors: set[str], refuse: Callable) -> None:
    """Refuse frames whose terms cannot be meant as they are written."""
    owner: dict[str, str] = {}
    for frame in frames:
        if not frame.family:
            refuse(f'"{frame.id}"', f"family of {frame.id} is empty; name it, and call what speaks against it counter")
        if not isinstance(frame.terms, tuple):
            refuse(f'"{frame.id}"', f"terms of {frame.id} must be a list of words")
        if not frame.terms:
            refuse(f'"{frame.id}"', f"{frame.id} has no terms")
        for term in frame.terms + frame.anaphors:
            if re.search(r"\*(?![\s/]|$)", term):
                refuse(f'"{term}"', f"{term}: * stands only at the end of a word")
            words = re.split(r"\s+|/|…|\.{3}", term.strip().replace(" …", "").replace(" ...", ""))
            if not all(re.search(r"\w", word) for word in words):
                refuse(f'"{term}"', f"{term}: begin and end a term with a word, and write / between two words only")
            if owner.setdefault(term, frame.id) != frame.id:
                refuse(f'"{term}"', f"{term} stands in {owner[term]} and {frame.id}; keep one of them")
        for term in frame.ambiguous + frame.established:
            if term not in frame.terms:
                refuse(f'"{frame.id}"', f"{term} of {frame.id} is not among its terms; write both alike")
        for actor in frame.actors:
            if actor not in actors:
                refuse(f'"{frame.id}"', f"{frame.id}: no actor has the id {actor}")
