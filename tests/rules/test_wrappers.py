"""Link wrappers: the address that an application put around a link says where it was clicked."""

from __future__ import annotations

import pyarrow as pa
import pytest

import darksocial as ds
from darksocial.rules import referrers

# Kind and application of what wrapped the link, and the referrer that it leaves.
WRAPPED = [
    ("email", "Outlook", "https://eur01.safelinks.protection.outlook.com/?url=TARGET&data=05%7C02"),
    ("email", "Proofpoint", "https://urldefense.com/v3/__https://example.com/a__;!!A!B$"),
    ("email", "Proofpoint", "https://urldefense.proofpoint.com/v2/url?u=https-3A__e.com&d=Dw"),
    ("email", "Gmail", "https://www.google.com/url?q=TARGET&source=gmail&ust=17&usg=AO"),
    ("email", "Gmail", "https://www.google.de/url?source=gmail&q=TARGET&sa=E"),
    ("messenger", "Google Chat", "https://www.google.com/url?q=TARGET&sa=D&source=hangouts&ust=1"),
    ("document", "Google Docs", "https://www.google.com/url?q=TARGET&sa=D&source=editors&ust=1"),
    ("document", "Google Docs", "https://www.google.com/url?q=TARGET&sa=D&source=docs&ust=1"),
    ("document", "Google Calendar", "https://www.google.com/url?q=TARGET&sa=D&source=calendar"),
    ("search", "Google", "https://www.google.com/url?q=TARGET&sa=D&sntz=1&usg=AFQ"),
    ("search", "Google", "https://www.google.com/url?sa=t&rct=j&source=web&url=TARGET&ved=2a"),
    ("search", "Google", "https://www.google.com/url?q=https://x.example/%3Fsource%3Dgmail"),
    ("social", "Facebook", "https://l.facebook.com/l.php?u=TARGET&h=AT0"),
    ("social", "Instagram", "https://l.instagram.com/?u=TARGET&e=AT0"),
    ("social", "Reddit", "https://out.reddit.com/t3_1fq2abc?url=TARGET&token=AQ&app_name=web2x"),
    ("social", "VK", "https://vk.com/away.php?to=TARGET&cc_key="),
    ("messenger", "Messenger", "https://l.messenger.com/l.php?u=TARGET"),
    ("messenger", "Slack", "https://slack-redir.net/link?url=TARGET&v=3"),
    ("messenger", "WhatsApp", "https://l.wl.co/l?u=TARGET"),
    (
        "messenger",
        "Microsoft Teams",
        "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html"
        "?url=TARGET&locale=de-de",
    ),
]
ROWS = [
    (kind, name, url.replace("TARGET", "https%3A%2F%2Fexample.com%2Fa"))
    for kind, name, url in WRAPPED
]


@pytest.mark.parametrize(("kind", "application", "url"), ROWS)
def test_a_wrapper_names_the_application(kind: str, application: str | None, url: str) -> None:
    found = referrers.resolve(url)
    assert (found.kind, found.application) == (kind, application)


@pytest.mark.parametrize("url", [url for _, _, url in ROWS])
def test_the_rest_of_the_query_decides_nothing(url: str) -> None:
    """What `deciding` does not name may be cut before anybody is asked."""
    base, _, query = url.partition("?")
    kept = "&".join(part for part in query.split("&") if part in referrers.deciding())
    assert referrers.resolve(f"{base}?{kept}") == referrers.resolve(url)


def test_hits_in_a_frame_are_told_by_their_wrappers_as_well() -> None:
    hits = pa.table(
        {
            "ts": [1_729_591_200 + place for place in range(len(ROWS))],
            "url": ["https://example.com/a"] * len(ROWS),
            "referrer": [url for _, _, url in ROWS],
        }
    )
    names = ds.reclassify(hits).visits["application"].to_pylist()
    assert names == [application or "" for _, application, _ in ROWS]
