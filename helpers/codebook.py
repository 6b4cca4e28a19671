"""Read and check a study's codebook: codebook.toml -> Codebook. No term of any study stands in code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .corpus import Refused

ACTOR_KINDS = ("person", "state", "organisation", "group")
FAMILIES = ("peace", "counter")
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


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its terms (see terms.py for how they are written) and what they mean.

    exclude      longer expressions in which a term is something else (titles, bodies, fixed names)
    ambiguous    those terms that count only where the words of [framing] near stand about them
    established  those terms that name a thing which is there once put forward: modals in its predicate leave it so
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


def read(path: Path) -> Codebook:
    """The codebook in the TOML file `path`. Raises Refused with file, line and remedy where it is broken."""
    text = path.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{path}: {error}; mend the TOML there") from None

    def refuse(key: str, remedy: str):
        at = next((i for i, line in enumerate(text.split("\n"), 1) if key in line), 1)
        raise Refused(f"{path}, line {at}: {remedy}")

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
                made.append(kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}))
            except TypeError as error:
                refuse(f'"{name}"', f"{name}: {str(error).partition('__init__() ')[2]}; see the README, Codebook")
        return tuple(made)

    return Codebook(
        title=data.get("study", {}).get("title", ""),
        study={"folder": str(path.parent), **data.get("study", {})},
        actors=entries("actors", Actor, {"kind": ACTOR_KINDS}),
        frames=entries("frames", Frame, {"family": FAMILIES, "tier": TIERS}),
        framing=Framing(**{k: tuple(v) for k, v in data.get("framing", {}).items()}),
        sentiment=data.get("sentiment", {}),
        trade=data.get("trade", {}),
    )
