"""A month of links posted in thirteen places: what GA4 reports, and what is reported here.

    python benchmarks/leak_matrix.py LEAK_MATRIX.CSV [VISITS]

The file has `source,percent_reported_direct`: of visits from that place, the percentage that
analytics reports as direct (measured by SparkToro, 2023). A month with VISITS visits from each
place, and as many that were typed, is simulated so that this share of them carries no referrer,
and reclassified twice: as a site without tokens would see it, and with a token in every link
and the previews that the places make of tagged links. A person may also come in the place's
own browser, which its agent names. Typed visits must stay direct.

`named` counts the visits that GA4 calls direct and that come with a preview or an agent of
their place: how many get the right application.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
from bench import machine, table

import darksocial as ds

START = datetime(2026, 10, 1, tzinfo=timezone.utc)
MONTH = timedelta(days=31)
CLICKS_A_SHARE = 20
VISITS = 1000
SITE = "https://example.com"
LIMIT_ATTRIBUTED, LIMIT_NAMED = 0.99, 0.95

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 "
)
META = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link is posted.

    `application` is its name here, `referrer` what a visit from there carries where it carries
    one, `preview` the agent that fetches a pasted link, `inside` the agent of its own browser
    and `often` how many of the visits without a referrer come in that.
    """

    application: str
    referrer: str
    preview: str = ""
    inside: str = ""
    often: float = 0.0


PLACES = {
    "TikTok": Place(
        "TikTok",
        "https://www.tiktok.com/",
        inside=IPHONE + "musical_ly_41.0.0 JsSdk/2.0 NetType/WIFI Channel/App Store Region/DE",
        often=0.9,
    ),
    "Slack": Place(
        "Slack",
        "https://app.slack.com/",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    ),
    "Discord": Place(
        "Discord",
        "https://discord.com/",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    ),
    "Mastodon": Place(
        "Mastodon",
        "https://mastodon.social/",
        "http.rb/5.1.1 (Mastodon/4.4.3; +https://mastodon.social/) Bot",
    ),
    "WhatsApp": Place("WhatsApp", "https://web.whatsapp.com/", "WhatsApp/2.25.20.80 A"),
    "Facebook Messenger": Place(
        "Messenger",
        "https://l.messenger.com/",
        META,
        IPHONE + "[FBAN/MessengerForiOS;FBAV/520.0.0.35.106;FBDV/iPhone15,2;FBLC/de_DE]",
        0.9,
    ),
    "Instagram direct message": Place(
        "Instagram",
        "https://l.instagram.com/",
        META,
        IPHONE + "Instagram 400.0.0.24.80 (iPhone15,2; iOS 18_6; de_DE; de; scale=3.00; 1179x2556)",
        0.95,
    ),
    "LinkedIn post": Place(
        "LinkedIn",
        "https://www.linkedin.com/",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        IPHONE + "[LinkedInApp]/9.31.4130",
        0.7,
    ),
    "Pinterest": Place(
        "Pinterest",
        "https://www.pinterest.com/",
        "Mozilla/5.0 (compatible; Pinterestbot/1.0; +https://www.pinterest.com/bot.html)",
        IPHONE + "[Pinterest/iOS]",
        0.8,
    ),
    "YouTube": Place("YouTube", "https://www.youtube.com/"),
    "Instagram profile link": Place("Instagram", "https://l.instagram.com/", META),
    "Facebook post": Place("Facebook", "https://l.facebook.com/", META),
    "Tweet": Place("X", "https://t.co/", "Twitterbot/1.0"),
}


@dataclass(slots=True)
class Month:
    """Simulates the visits of a month; hits are rows of a frame."""

    share_of_direct: dict[str, float]
    visits: int
    tokens: bool
    chance: random.Random

    def hits(self) -> Iterator[dict[str, Any]]:
        for source, direct in self.share_of_direct.items():
            yield from self._source(source, PLACES[source], direct)
        for number in range(self.visits):
            at = START + MONTH * self.chance.random()
            yield _hit(at, f"{SITE}/", f"typed {number}", self.chance.choice((CHROME, SAFARI)))

    def _source(self, source: str, place: Place, direct: float) -> Iterator[dict[str, Any]]:
        # Exactly the published share, spread over the month.
        silent = [number < round(direct * self.visits) for number in range(self.visits)]
        self.chance.shuffle(silent)
        for first in range(0, self.visits, CLICKS_A_SHARE):
            name = f"{source} {first}"
            shared = START + MONTH * 0.9 * self.chance.random()
            url = f"{SITE}/story-{first}"
            if self.tokens:
                token = f"T{self.chance.getrandbits(60):x}"
                yield _hit(shared - timedelta(minutes=1), url, f"sharer {name}", CHROME)
                share = _hit(shared, url, f"sharer {name}", CHROME)
                yield {**share, "kind": "share", "method": "copy", "token": token}
                url += f"?ds={token}"
                if place.preview:
                    yield _hit(shared + timedelta(seconds=20), url, "", place.preview)
            for number, quiet in enumerate(silent[first : first + CLICKS_A_SHARE]):
                at = shared + timedelta(minutes=1) + timedelta(days=2) * self.chance.random()
                yield self._click(at, url, f"{name} {number}", (place, quiet))

    def _click(
        self, at: datetime, url: str, visitor: str, how: tuple[Place, bool]
    ) -> dict[str, Any]:
        place, quiet = how
        if not quiet:
            agent = self.chance.choice((CHROME, SAFARI))
            return {**_hit(at, url, visitor, agent), "referrer": place.referrer}
        inside = place.inside and self.chance.random() < place.often
        agent = place.inside if inside else self.chance.choice((CHROME, SAFARI))
        return _hit(at, url, visitor, agent)


def _hit(at: datetime, url: str, visitor: str, agent: str) -> dict[str, Any]:
    return {
        "ts": at,
        "url": url,
        "kind": "pageview",
        "visitor": visitor,
        "user_agent": agent,
        "referrer": "",
        "method": "",
        "token": "",
    }


def reclassified(month: Month) -> list[dict[str, Any]]:
    """Return the visits of the month, those of the sharers left out."""
    frame = pa.Table.from_pylist(sorted(month.hits(), key=lambda hit: hit["ts"]))
    result = ds.reclassify(frame, tokens_deployed=month.tokens)
    visits: list[dict[str, Any]] = result.visits.to_pylist()
    return [visit for visit in visits if not visit["visitor"].startswith("sharer ")]


def source_of(visit: dict[str, Any]) -> str:
    return str(visit["visitor"]).rstrip("0123456789 ")


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""


def compare(
    published: dict[str, float], plain: list[dict[str, Any]], tagged: list[dict[str, Any]]
) -> tuple[str, Counter[str]]:
    """Return the table by place, and the sums of what is limited."""
    sums: Counter[str] = Counter()
    rows = []
    for source in [*published, "typed"]:
        before = [visit for visit in plain if source_of(visit) == source]
        after = [visit for visit in tagged if source_of(visit) == source]
        dark = [visit for visit in after if visit["reported_channel"] == "Direct"]
        attributed = [visit for visit in dark if visit["evidence"] != "model"]
        named, right = _named(source, dark)
        rows.append(
            (
                source,
                f"{published[source]:.0%}" if source in published else "",
                share(sum(visit["reported_channel"] == "Direct" for visit in before), len(before)),
                share(sum(visit["channel"] == "direct" for visit in before), len(before)),
                share(sum(visit["channel"] == "direct" for visit in after), len(after)),
                share(len(attributed), len(dark)),
                share(right, named),
            )
        )
        if source in published:
            sums.update(dark=len(dark), attributed=len(attributed), named=named, right=right)
        else:
            sums.update(typed=len(after), typed_direct=len(after) - len(attributed))
    heads = ["posted in", "published", "GA4: direct", "here, no tokens", "here, tokens"]
    return table([*heads, "of GA4's direct attributed", "named right"], rows), sums


def _named(source: str, dark: list[dict[str, Any]]) -> tuple[int, int]:
    """Return how many visits have a preview or agent of their place, and how many are right."""
    place = PLACES.get(source)
    if place is None:
        return 0, 0
    known = [visit for visit in dark if place.preview or visit["user_agent"] == place.inside != ""]
    return len(known), sum(visit["application"] == place.application for visit in known)


def read(path: Path) -> dict[str, float]:
    """Return the published share of direct visits by place."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["source"]: float(row["percent_reported_direct"]) / 100
            for row in csv.DictReader(file)
        }


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    published = read(Path(arguments[0]))
    visits = int(arguments[1]) if len(arguments) > 1 else VISITS
    months = [Month(published, visits, tokens, random.Random(1)) for tokens in (False, True)]
    text, sums = compare(published, *map(reclassified, months))
    print(text)
    attributed, right = sums["attributed"] / sums["dark"], sums["right"] / sums["named"]
    print(f"\nof GA4's direct visits attributed: {attributed:.2%} (limit {LIMIT_ATTRIBUTED:.0%})")
    print(f"application right where a preview or agent exists: {right:.2%} ({LIMIT_NAMED:.0%})")
    print(f"typed visits that stay direct: {sums['typed_direct'] / sums['typed']:.2%}")
    print(machine("chdb"))
    return int(attributed < LIMIT_ATTRIBUTED or right < LIMIT_NAMED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
