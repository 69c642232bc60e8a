"""The pages of the demo site: a small magazine that does not exist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the magazine."""

    slug: str
    title: str
    intro: str

    @property
    def path(self) -> str:
        return f"/{self.slug}"


@dataclass(frozen=True, slots=True)
class Article:
    """One article; `appeal` is how often it is read beside the others, in the example traffic."""

    section: str
    slug: str
    title: str
    standfirst: str
    minutes: int
    appeal: int
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"/{self.section}/{self.slug}"


MAGAZINE = "Tidewater"
MOTTO = "Cities by the sea, and the people who stay in them"

SECTIONS = (
    Section("city", "City", "Trains, ovens, stairwells: how a town works before it wakes up."),
    Section("sea", "Sea", "The cold, the tide and what they bring ashore."),
)

ARTICLES = (
    Article(
        "city",
        "night-train",
        "The night train is back, and it is full",
        "Nine years after the last sleeping car left the harbour station, tickets for the new one "
        "are gone within the hour.",
        6,
        9,
        (
            "At ten past nine the platform belongs to people with pillows. A family from the "
            "north has brought its own; two musicians share one between them. Nobody is in a "
            "hurry, since the train stands here for forty minutes before it goes.",
            "When the old sleeping cars were sold, the railway said that nobody wanted them. The "
            "new ones have run since spring, three nights a week, and the waiting list is longer "
            "than the train. Most passengers say that they heard of it from a friend who sent a "
            "link, hardly anyone from an advertisement.",
            "The conductor, who worked the old line too, has a theory. A flight is something you "
            "compare; a night train is something you tell. So the news of it travels from one "
            "person to the next, and no poster can keep up.",
            "By half past six the sea is in the window. Coffee comes in paper cups, and the "
            "musicians have swapped the pillow for a timetable. They are going to tell somebody.",
        ),
    ),
    Article(
        "city",
        "bakeries-at-three",
        "Where the ovens are lit at three",
        "A map of the eleven bakeries that still bake at night, drawn by the people who buy there "
        "before work.",
        4,
        6,
        (
            "You find them by the light. In a street of dark windows there is one yellow square, "
            "a door that is not quite closed, and somebody in a white coat who would rather you "
            "did not let the cold in.",
            "Eleven bakeries in this town still bake at night. We asked the people who know: a "
            "tram driver, two nurses, a man who delivers newspapers that fewer and fewer people "
            "read. Each of them has a favourite and a reason.",
            "The map that came of it hangs in a tram depot now. The bakers have put up signs: "
            "please ring once. It turns out that a secret that everybody sends to one other "
            "person is no secret for long.",
        ),
    ),
    Article(
        "sea",
        "a-year-of-cold-water",
        "A year of cold water",
        "What a beginner learned from swimming in the sea every week, in all twelve months.",
        7,
        5,
        (
            "The first thing that you learn is to breathe out. The water takes your breath for "
            "you, and if you wait for it to come back by itself, you are out again before you "
            "were in.",
            "In March I lasted forty seconds. In August the water was warm and I thought that I "
            "had understood something. In November I had not. Still, there is a morning in every "
            "month on which the sea and you agree.",
            "Never alone, never for long, never to prove anything: the women who have done this "
            "for thirty years have three rules and a thermos. They also have a group in which "
            "they send each other the temperature, every day, without a word.",
        ),
    ),
    Article(
        "sea",
        "the-lighthouse-ledger",
        "The lighthouse keeper's ledger",
        "For sixty years somebody wrote down every ship. Then somebody else typed it all up.",
        5,
        3,
        (
            "The ledger has the weight of a small dog. On each page there are a date, the wind, "
            "the ships, and, on some days, one word too many: tired, or goose.",
            "A retired teacher has typed all of it, nineteen volumes, and given it away. People "
            "look for the ships of their grandparents. They copy the line, they send it to a "
            "sister, and the sister sends back a photograph.",
        ),
    ),
)

BY_PATH = {article.path: article for article in ARTICLES}
SECTION_BY_PATH = {section.path: section for section in SECTIONS}
VIRAL = ARTICLES[0].path
LETTER, GUIDE = "/letter", "/try"
