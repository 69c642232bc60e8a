"""The share tree: who passed on whose link, whatever is said of parents."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site, token, visitor

from darksocial import reclassification, registry, reports
from darksocial.errors import InputError
from darksocial.model import Site
from darksocial.reports.sharing import reproduction
from darksocial.spool.record import make_id
from darksocial.store import Store

pytestmark = pytest.mark.engines

_ids = itertools.count(1)


def share(when: str, who: str, number: int, parent: int | None = None, **fields: Any) -> Any:
    """A share of the token of this number; `{site}`'s tokens are filled in by `filled`."""
    return hit(when, who, "/a", kind="share", number=number, parent_number=parent, **fields)


def visit(when: str, who: str, number: int, **fields: Any) -> Any:
    return hit(when, who, "/a", number=number, **fields)


def filled(site: Site, rows: list[Any], offset: int = 0) -> list[dict[str, Any]]:
    done = []
    for row in rows:
        row = dict(row)
        number, parent = row.pop("number", None), row.pop("parent_number", None)
        name = token(site, number + offset) if number is not None else ""
        if row.get("kind") == "share":
            row |= {"token": name, "method": row.get("method", "copy")}
            row["parent"] = token(site, parent + offset) if parent is not None else ""
        elif name:
            row["path"] = f"/a?ds={name}"
        done.append(row)
    return done


def entered(store: Store, home: Path, rows: list[Any]) -> Site:
    site = new_site(store)
    drain(store, home, site, filled(site, rows))
    reclassification.publish_dirty(store, site.name)
    return site


def told(store: Store, site: Site, name: str = "tree", **options: str) -> reports.Report:
    with store.session() as session:
        return reports.run(session, name, site, **options)


def shape(store: Store, site: Site, number: int) -> list[tuple[int, int | None, int, int, int]]:
    """The tree of a token: number, parent's number, generation, visits, reshares."""
    numbers = {token(site, n): n for n in range(1, 40)}
    return [
        (
            numbers[row["token"]],
            numbers.get(row["parent"]),
            row["generation"],
            row["visits"],
            row["reshares"],
        )
        for row in told(store, site, token=token(site, number)).rows
    ]


CHAIN = [
    share("09:00", "ann", 1),
    visit("09:10", "bob", 1),
    share("09:20", "bob", 2, parent=1),
    visit("09:30", "cyd", 2),
    visit("09:31", "dan", 2),
    share("09:40", "cyd", 3, parent=2),
    share("09:50", "dan", 4, parent=2),
    visit("10:00", "eve", 4),
]


def test_a_tree_has_parents_generations_visits_and_reshares(store: Store, tmp_path: Path) -> None:
    site = entered(store, tmp_path, CHAIN)
    wanted = [(1, None, 0, 1, 1), (2, 1, 1, 2, 2), (3, 2, 2, 0, 0), (4, 2, 2, 1, 0)]
    for number in (1, 2, 4):  # whichever of its tokens is asked for
        assert shape(store, site, number) == wanted
    summary = told(store, site, token=token(site, 3)).summary
    assert (summary["root"], summary["shares"], summary["generations"], summary["visits"]) == (
        token(site, 1), 4, 2, 4,
    )  # fmt: skip


def test_the_trees_of_a_site_with_their_spread(store: Store, tmp_path: Path) -> None:
    site = entered(store, tmp_path, [*CHAIN, share("11:00", "fay", 5)])
    answer = told(store, site)
    assert [(row["root"], row["shares"], row["generations"]) for row in answer.rows] == [
        (token(site, 1), 4, 2),
        (token(site, 5), 1, 0),
    ]
    assert answer.rows[0]["began"] == "2024-10-22T09:00:00Z"
    assert answer.summary["shares"] == 5
    assert answer.summary["reproduction"]["k"] == 0.6  # three of five shares follow another
    assert answer.summary["generations"] == [
        {"generation": 0, "shares": 2, "visits": 1},
        {"generation": 1, "shares": 1, "visits": 2},
        {"generation": 2, "shares": 2, "visits": 1},
    ]
    assert answer.summary["seconds_to_visit"] == {
        "visits": 4, "tenth": 600, "half": 600, "nine_tenths": 660,
    }  # fmt: skip


# What is said of a parent, and the parent and generation that token 2 then has.
FORGED: dict[str, tuple[list[Any], tuple[int | None, int]]] = {
    "itself": ([share("09:00", "ann", 2, parent=2)], (None, 0)),
    "nobody": ([share("09:00", "ann", 2, parent=9)], (None, 0)),
    "younger": ([share("09:00", "ann", 2, parent=1), share("09:01", "bob", 1)], (None, 0)),
    "a circle of two": (
        [share("09:00", "ann", 2, parent=1), share("09:01", "bob", 1, parent=2)],
        (None, 0),
    ),
    "a circle within one second": (
        [
            share("09:00", "ann", 1, parent=2, id=make_id(1729587600000, 900)),
            share("09:00", "bob", 2, parent=1, id=make_id(1729587600000, 901)),
        ],
        (1, 1),
    ),
    "reported again with another parent": (
        [
            share("09:00", "ann", 1),
            share("09:01", "bob", 3),
            share("09:02", "cyd", 2, parent=1),
            share("09:03", "mallory", 2, parent=3, id=5),
        ],
        (1, 1),
    ),
    "the own token": ([share("09:00", "ann", 1), share("09:01", "ann", 2, parent=1)], (1, 0)),
    "a token whose report was lost": (
        [visit("08:00", "ann", 1), share("09:00", "ann", 2, parent=1)],
        (1, 1),
    ),
    "a token whose report was lost, seen only later": (
        [visit("10:00", "ann", 1), share("09:00", "ann", 2, parent=1)],
        (None, 0),
    ),
}


@pytest.mark.parametrize("case", FORGED)
def test_no_parent_breaks_the_tree(store: Store, tmp_path: Path, case: str) -> None:
    rows, (parent, generation) = FORGED[case]
    site = entered(store, tmp_path, rows)
    found = {row[0]: row for row in shape(store, site, 2)}
    assert found[2][1:3] == (parent, generation)


def test_a_token_of_another_site_is_no_parent(store: Store, tmp_path: Path) -> None:
    other = entered(store, tmp_path / "other", [share("08:00", "ann", 1)])
    site = new_site(store)
    row = filled(site, [share("09:00", "bob", 2)])[0] | {"parent": token(other, 1)}
    drain(store, tmp_path, site, [row])
    assert shape(store, site, 2) == [(2, None, 0, 0, 0)]


def test_any_depth_is_reached(store: Store, tmp_path: Path) -> None:
    """Three hundred generations: nine passes."""
    rows = []
    for number in range(1, 301):
        row = share("09:00", f"v{number}", number, parent=number - 1 if number > 1 else None)
        rows.append(row | {"when": f"{9 + number // 60:02}:{number % 60:02}"})
    site = entered(store, tmp_path, rows)
    answer = told(store, site, token=token(site, 300))
    assert [row["generation"] for row in answer.rows] == list(range(300))
    assert answer.summary["root"] == token(site, 1)


def test_looks_of_one_s_own_returns_reloads_and_bookmarks_are_no_clicks(
    store: Store, tmp_path: Path
) -> None:
    site = entered(
        store,
        tmp_path,
        [
            share("09:00", "ann", 1),
            visit("09:01", "ann", 1),  # the sharer looks
            visit("09:10", "bob", 1),
            visit("09:15", "bob", 1),  # comes again
            visit("09:20", "bob", 1, navigation="reload"),
            visit("09:30", "cyd", 1, returning="1", url_seen="1"),  # a bookmark
        ],
    )
    assert shape(store, site, 1) == [(1, None, 0, 1, 0)]


def test_a_managed_link_is_the_root_of_what_it_starts(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    with store.session() as session:
        link = registry.add_link(session, f"https://{site.name}/a", "person", "Gil")
    rows = [
        hit("09:00", "ann", f"/a?ds={link.code}"),
        filled(site, [share("09:05", "ann", 1)])[0] | {"parent": link.code},
        *filled(site, [visit("09:10", "bob", 1)]),
    ]
    drain(store, tmp_path, site, rows)
    reclassification.publish_dirty(store, site.name)
    answer = told(store, site, link=link.code)
    assert [(row["token"], row["kind"], row["generation"], row["visits"]) for row in answer.rows] \
        == [(link.code, "link", 0, 1), (token(site, 1), "share", 1, 1)]  # fmt: skip
    assert told(store, site).rows[0]["label"] == "Gil"
    people = told(store, site, "sharers").rows
    assert [(row["label"], row["visits"], row["reshares"]) for row in people] == [
        ("Gil", 1, 1),
        ("", 1, 0),
    ]


def test_sharers_are_named_by_a_token_never_by_a_hash(store: Store, tmp_path: Path) -> None:
    site = entered(store, tmp_path, [*CHAIN, share("11:00", "bob", 6), visit("11:05", "gil", 6)])
    answer = told(store, site, "sharers")
    assert [(row["sharer"], row["shares"], row["visits"]) for row in answer.rows[:2]] == [
        (token(site, 2), 2, 3),
        (token(site, 1), 1, 1),
    ]
    assert str(visitor("bob")) not in reports.render(answer, "json")


def test_an_unknown_token_is_refused_with_a_sentence(store: Store, tmp_path: Path) -> None:
    site = entered(store, tmp_path, CHAIN)
    with pytest.raises(InputError, match="knows no share or link 'nope'"):
        told(store, site, token="nope")


FUNNEL = [
    share("09:00", "ann", 1),
    hit("09:01", "pre", "/a", number=1, user_agent="WhatsApp/2.23.20.0 A"),
    visit("09:10", "bob", 1),
    hit("09:11", "bob", "/a", kind="conversion", name="order", value=5.0, currency="EUR"),
    share("09:20", "bob", 2, parent=1),
    share("09:30", "cyd", 3, method="share_sheet"),
    hit("09:31", "pre", "/a", number=3, user_agent="TelegramBot (like TwitterBot)"),
    share("09:40", "dan", 4, method="context_menu"),  # perhaps never copied
    share("09:41", "dan", 5, method="context_menu"),
    visit("09:50", "eve", 5),
]
EMPTY = {"minted": 0, "pasted": 0, "clicked": 0, "reshared": 0, "converted": 0,
         "pasted_never_clicked": 0, "possible": 0, "visits": 0, "conversions": 0}  # fmt: skip


def test_the_funnel_from_minted_to_converted(store: Store, tmp_path: Path) -> None:
    site = entered(store, tmp_path, FUNNEL)
    rows = {row["method"]: row for row in told(store, site, "funnel").rows}
    assert rows["copy"] == EMPTY | {
        "method": "copy", "minted": 2, "pasted": 1, "clicked": 1, "reshared": 1, "converted": 1,
        "visits": 1, "conversions": 1,
    }  # fmt: skip
    assert rows["share_sheet"] == EMPTY | {
        "method": "share_sheet", "minted": 1, "pasted": 1, "pasted_never_clicked": 1,
    }  # fmt: skip
    assert rows["context_menu"] == EMPTY | {
        "method": "context_menu", "minted": 1, "clicked": 1, "visits": 1, "possible": 1,
    }  # fmt: skip
    summary = told(store, site, "funnel").summary
    assert (summary["minted"], summary["pasted"], summary["clicked_share"]) == (4, 2, 0.5)


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("application", {"WhatsApp": 1, "Telegram": 1, "": 2}),
        ("page", {"{site}/a": 4}),
        ("method", {"copy": 2, "share_sheet": 1, "context_menu": 1}),
    ],
)
def test_the_funnel_by_another_dimension(
    store: Store, tmp_path: Path, by: str, wanted: dict[str, int]
) -> None:
    site = entered(store, tmp_path, FUNNEL)
    found = {row[by]: row["minted"] for row in told(store, site, "funnel", by=by).rows}
    assert found == {name.format(site=site.name): n for name, n in wanted.items()}


def test_an_option_that_a_report_does_not_know_is_refused(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    with pytest.raises(InputError, match="knows no option 'token'"):
        told(store, site, "funnel", token="x")
    with pytest.raises(InputError, match="'colour' is no by of funnel: there are method, page"):
        told(store, site, "funnel", by="colour")


# Shares, reshares, sum of squares; K, and whether the interval holds it.
NUMBERS = [
    (0, 0, 0, None),
    (100, 0, 0, (0.0, 0.0, 0.03)),
    (1, 1, 1, (1.0, 0.193, 5.1806)),
    (100, 50, 50, (0.5, 0.3962, 0.6309)),
    (100, 50, 1250, (0.5, 0.1563, 1.5999)),
]


@pytest.mark.parametrize(("shares", "reshares", "squares", "wanted"), NUMBERS)
def test_the_reproduction_number_has_an_interval(
    shares: int, reshares: int, squares: int, wanted: tuple[float, ...] | None
) -> None:
    found = reproduction(shares, reshares, squares)
    assert (found and tuple(found.values())) == (wanted and pytest.approx(wanted, abs=0.01))


def test_a_program_passes_nothing_on(store: Store, tmp_path: Path) -> None:
    """What a bot's copy event made is a request of a bot, in every figure."""
    bot = {"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
    rows = [visit("08:59", "ann", 9), share("09:00", "ann", 1), share("09:05", "prog", 2, **bot)]
    site = entered(store, tmp_path, rows)
    overview = told(store, site, "overview").summary
    assert (overview["shares"], overview["bots"]) == (1, 1)
    assert told(store, site, "funnel").summary["minted"] == 2  # that of the visit, and the share
    assert [row["shares"] for row in told(store, site, "pages").rows] == [1]
