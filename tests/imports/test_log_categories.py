"""Every line gets one category, in a fixed order of questions."""

from __future__ import annotations

from collections import Counter

from access_log import BROWSER, FEEDLY, GOOGLEBOT, SLACK, Importer, line

from darksocial.imports.result import CATEGORIES

WHATSAPP = "WhatsApp/2.23.20.0 A"
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 Instagram 300.0.0.0"
)

ACCOUNTED = [
    # request, status, agent: category, reason
    ("GET / HTTP/1.1", 200, BROWSER, "page_views", ""),
    ("GET /page?a=b HTTP/2.0", 304, BROWSER, "page_views", ""),
    ("GET /page HTTP/1.1", 206, INSTAGRAM, "page_views", ""),
    ("GET /old", 200, BROWSER, "page_views", ""),
    ("GET /a b c HTTP/1.1", 200, BROWSER, "page_views", ""),
    ("GET /page.html HTTP/1.1", 200, BROWSER, "page_views", ""),
    ("GET /page.php?f=x.png HTTP/1.1", 200, BROWSER, "page_views", ""),
    ("GET /v1.2/notes HTTP/1.1", 200, BROWSER, "page_views", ""),
    ("GET /feedback HTTP/1.1", 200, BROWSER, "page_views", ""),
    ("GET /style.css HTTP/1.1", 200, BROWSER, "assets", ""),
    ("GET /style.css?v=3 HTTP/1.1", 304, GOOGLEBOT, "assets", ""),
    ("GET /IMAGE.PNG HTTP/1.1", 200, BROWSER, "assets", ""),
    ("GET /favicon.ico HTTP/1.1", 200, BROWSER, "assets", ""),
    ("GET /robots.txt HTTP/1.1", 200, GOOGLEBOT, "assets", ""),
    ("GET /sitemap.xml HTTP/1.1", 200, GOOGLEBOT, "assets", ""),
    ("GET /blog/feed/ HTTP/1.1", 200, FEEDLY, "assets", ""),
    ("GET /index.rss HTTP/1.1", 200, BROWSER, "assets", ""),
    ("GET /.well-known/security HTTP/1.1", 200, BROWSER, "assets", ""),
    ("GET /wp-json/wp/v2/posts HTTP/1.1", 200, BROWSER, "assets", ""),
    ("GET /?flav=rss20 HTTP/1.1", 200, BROWSER, "assets", ""),
    ("GET /?flav=rss20 HTTP/1.1", 200, FEEDLY, "bots", ""),
    ("GET /?cat=1&feed=rss2 HTTP/1.1", 200, BROWSER, "assets", ""),
    ("GET /page HTTP/1.1", 200, GOOGLEBOT, "bots", ""),
    ("GET /page HTTP/1.1", 200, FEEDLY, "bots", ""),
    ("GET /page HTTP/1.1", 200, "-", "bots", ""),
    ("HEAD /page HTTP/1.1", 200, GOOGLEBOT, "bots", ""),
    ("HEAD /page HTTP/1.1", 200, BROWSER, "refused", "method HEAD"),
    ("GET /page HTTP/1.1", 200, SLACK, "previews", ""),
    ("HEAD /page HTTP/1.1", 200, WHATSAPP, "previews", ""),
    ("GET /gone HTTP/1.1", 404, BROWSER, "refused", "error status 404"),
    ("GET /gone.png HTTP/1.1", 404, GOOGLEBOT, "refused", "error status 404"),
    ("GET /moved HTTP/1.1", 301, BROWSER, "refused", "redirect 301"),
    ("GET /socket HTTP/1.1", 101, BROWSER, "refused", "status 101"),
    ("POST /form HTTP/1.1", 200, BROWSER, "refused", "method POST"),
    ("OPTIONS * HTTP/1.1", 200, BROWSER, "refused", "method OPTIONS"),
    ("POST /form HTTP/1.1", 500, BROWSER, "refused", "error status 500"),
    ("-", 408, "-", "refused", "error status 408"),
    ("-", 200, "-", "refused", "no request"),
    ("", 400, "-", "refused", "error status 400"),
    ("\\x16\\x03\\x01", 400, "-", "refused", "error status 400"),
    ("\\x16\\x03\\x01", 200, "-", "refused", "malformed request"),
    ("FOO /page HTTP/1.1", 200, BROWSER, "refused", "malformed request"),
    ("GET page HTTP/1.1", 200, BROWSER, "refused", "malformed request"),
    ("GET http://elsewhere.example/ HTTP/1.1", 200, BROWSER, "refused", "other host"),
    ("GET /page HTTP/1.1", 999, BROWSER, "refused", "malformed line"),
    ("GET /page HTTP/1.1", "-", BROWSER, "refused", "malformed line"),
]

STORED = {
    ("/", "pageview", "browser"),
    ("/", "pageview", "feed"),
    ("/page", "pageview", "browser"),
    ("/page", "pageview", "in_app"),
    ("/page", "pageview", "bot"),
    ("/page", "pageview", "feed"),
    ("/page", "preview", "preview"),
    ("/old", "pageview", "browser"),
    ("/a%20b%20c", "pageview", "browser"),
    ("/page.html", "pageview", "browser"),
    ("/page.php", "pageview", "browser"),
    ("/v1.2/notes", "pageview", "browser"),
    ("/feedback", "pageview", "browser"),
}


def test_every_line_has_its_category_and_reason(importer: Importer) -> None:
    result = importer("".join(line(row[0], status=row[1], agent=row[2]) for row in ACCOUNTED))
    wanted = Counter(category for *_, category, _ in ACCOUNTED)
    assert {name: getattr(result, name) for name in CATEGORIES} == dict.fromkeys(
        CATEGORIES, 0
    ) | wanted
    assert dict(result.refused_reasons) == Counter(row[4] for row in ACCOUNTED if row[4])
    assert result.lines == len(ACCOUNTED)
    stored = {
        (row["path"], row["kind"], row["agent_kind"])
        for row in importer.rows("path, kind, agent_kind")
    }
    assert stored == STORED


def test_the_summary_accounts_for_every_line(importer: Importer) -> None:
    text = (
        line() + line() + line("GET /a.css HTTP/1.1") + line(agent=SLACK)
        + line(status=404) + line(status=404) + line("POST / HTTP/1.1")
    )  # fmt: skip
    result = importer(text)
    assert result.summary() == (
        "7 lines: 2 page views, 1 asset, 0 bots, 1 preview, "
        "3 refused (2 error status 404, 1 method POST)"
    )
    assert importer(text).summary() == (
        "7 lines: 0 page views, 0 assets, 0 bots, 0 previews, 0 refused, 7 already imported"
    )
    told = result.to_json()
    assert told["refused_reasons"] == {"error status 404": 2, "method POST": 1}
    assert told["lines"] == sum(told[category] for category in CATEGORIES) == 7
    assert (told["import"], told["days"]) == ("log:1", ["2025-05-17"])


def test_previews_and_bots_are_stored_without_identifiers(importer: Importer) -> None:
    importer(line() + line(agent=SLACK) + line(agent=GOOGLEBOT))
    rows = importer.rows("kind, agent_kind, visitor != 0 AS known, network", "agent_kind")
    assert [tuple(row.values()) for row in rows] == [
        ("pageview", "bot", 0, ""),
        ("pageview", "browser", 1, "192.0.0.0/16"),
        ("preview", "preview", 0, ""),
    ]
