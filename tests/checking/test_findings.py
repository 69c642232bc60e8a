"""What `check` finds: for each fault of an installation, the level and the words that name it."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pages import JAVASCRIPT, MORE, PINNED, SCRIPT, TAG, Reply, Request, Web, seconds

from darksocial.checking import Finding, Known, check, worst
from darksocial.checking.fetch import MAX_BYTES, Fetcher, FetchError

Found = Callable[..., list[Finding]]


def digest(code: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(code).digest()).decode()


HASH, OTHER = digest(SCRIPT), digest(b"other")


def tag(more: str = "", source: str = "/ds.js", start: str = "defer ") -> str:
    return f'<script {start}src="{source}" data-site="KEY" {more}></script>'


def named(findings: list[Finding], level: str, check: str) -> str:
    """Return what the findings of a level and a check say."""
    return " ".join(one.line for one in findings if (one.level, one.check) == (level, check))


def test_an_installation_without_fault(web: Web, found: Found) -> None:
    headers = {
        "Content-Security-Policy": "default-src 'self'",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Server-Timing": 'sec-fetch-site;desc="none"',
    }
    findings = found(web.page("TAG", headers))
    assert [(one.level, one.check) for one in findings] == [
        ("ok", "page"), ("ok", "tag"), ("ok", "script"), ("ok", "csp"), ("ok", "tracker"),
        ("ok", "parameter"), ("ok", "blockers"), ("ok", "fetch-site"),
    ]  # fmt: skip


TAGS = [
    # head of the page, level, check, words
    ("", "error", "tag", "no script tag with data-site"),
    ("<!-- TAG -->", "error", "tag", "HTML comment"),
    ("<noscript>TAG</noscript>", "error", "tag", "<noscript>"),
    ("<template>TAG</template>", "error", "tag", "<template>"),
    ("TAG TAG", "warning", "tag", "2 times"),
    (tag(start=""), "warning", "tag", "Add `defer`"),
    ('<script src="/script.js" data-site="KEY"></script>', "error", "tag", "not called ds.js"),
    ('<script>"https://www.googletagmanager.com/gtm.js"</script>', "error", "tag", "--browser"),
    ('<script defer src="/ds.js" data-site></script>', "error", "key", "is empty"),
    (tag(source="/no/ds.js"), "error", "script", "answers 404"),
    (tag(source="/html/ds.js"), "error", "script", "'text/html'"),
    (tag(source="/old/ds.js"), "warning", "script", "not that of version 9.9.9"),
    (tag(source="/ds.9.9.9.js"), "ok", "script", "ds.9.9.9.js is there"),
    (tag(source="http://[bad/ds.js"), "error", "script", "cannot be fetched"),
    (tag(source="ftp://127.0.0.1/ds.js"), "error", "script", "no http or https address"),
    (tag('type="text/plain"'), "warning", "consent", "until the visitor agrees"),
    (tag('type="text/plain" data-cookieconsent="statistics"'), "warning", "consent", "Cookiebot"),
    (tag('type="text/plain" data-usercentrics="x"'), "warning", "consent", "Usercentrics"),
    (tag('type="text/plain" class="optanon-category-C2"'), "warning", "consent", "OneTrust"),
    ('<script type="text/plain" data-src="/ds.js" data-site="KEY"></script>',
     "warning", "consent", "holds the script back"),
    (tag('data-cookieconsent="statistics"'), "note", "consent", "does not hold it back"),
    ('<script data-blockingmode="auto"></script>TAG', "warning", "consent", "Cookiebot blocks"),
    (tag('type="1a2b-text/javascript"'), "warning", "consent", "Rocket Loader"),
    (tag('type="module"'), "error", "tag", "as a module"),
    (tag(f'integrity="{OTHER}"'), "error", "integrity", "does not have"),
    (tag(f'integrity="{HASH}"'), "error", "integrity", "needs crossorigin"),
    (tag(f'crossorigin integrity="{HASH}"'), "warning", "integrity", "next version"),
    (tag('data-api="/api/collect"'), "warning", "blockers", "/api/collect"),
    (tag('data-api="/nowhere"'), "error", "tracker", "with 404"),
    (tag('data-api="http://[bad"'), "error", "tracker", "cannot be fetched"),
    (tag('data-carrier="fragment"'), "note", "parameter", "which servers never see"),
    ('<base href="/no/">' + tag(source="ds.js"), "error", "script", "answers 404"),
    ('<meta name="referrer" content="no-referrer">TAG', "warning", "referrer", "arrival"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "level", "check", "words"), TAGS)
def test_a_page(web: Web, found: Found, head: str, level: str, check: str, words: str) -> None:
    web.answers["/html/ds.js"] = Reply(b"<p>", headers={"Content-Type": "text/html"})
    web.answers["/old/ds.js"] = Reply(b"old", headers={"Content-Type": "text/javascript"})
    assert words in named(found(web.page(head)), level, check)


FREE = [
    tag('data-cookieconsent="ignore"'),
    '<script data-blockingmode="auto"></script>' + tag('data-cookieconsent="ignore"'),
    tag('type="text/javascript"'),
    tag(source="/ds.9.9.9.js", more=f'crossorigin integrity="{digest(PINNED)}"'),
]


@pytest.mark.parametrize("head", FREE)
def test_a_page_without_fault(web: Web, found: Found, head: str) -> None:
    assert {one.level for one in found(web.page(head))} <= {"ok", "note"}


PARTS = [
    (Reply(status=404), "answers 404"),
    (Reply(b"<p>", headers={"Content-Type": "text/html"}), "Let the proxy pass /more.js on"),
    (Reply(b"<p>", headers={"Content-Type": "text/html"}), "comes as 'text/html'"),
]


@pytest.mark.parametrize(("reply", "words"), PARTS)
def test_what_the_script_loads_later(web: Web, found: Found, reply: Reply, words: str) -> None:
    web.answers["/more.js"] = reply
    assert words in named(found(web.page("TAG")), "error", "script")


def test_types_are_read_in_any_case(web: Web, found: Found) -> None:
    for path, body in (("/ds.js", SCRIPT), ("/more.js", MORE)):
        web.answers[path] = Reply(body, headers={"Content-Type": "Application/JavaScript"})
    page = web.page("TAG", {"Content-Type": "Text/HTML"})
    assert {one.level for one in found(page)} <= {"ok", "note"}


@pytest.mark.parametrize("body", [b"old", SCRIPT])
def test_another_second_script_is_named(web: Web, found: Found, body: bytes) -> None:
    web.answers["/more.js"] = Reply(body, headers=JAVASCRIPT)
    said = named(found(web.page("TAG")), "warning", "script")
    assert f"{web.url('/more.js')} is not that of version 9.9.9" in said


def test_a_part_from_another_origin_may_be_read(web: Web, found: Found) -> None:
    elsewhere = web.url("/ds.js").replace("127.0.0.1", "localhost")
    url = web.page(tag(source=elsewhere))
    assert "Access-Control-Allow-Origin" in named(found(url), "error", "script")
    for allowed in ("*", web.url("").rstrip("/")):
        headers = {**JAVASCRIPT, "Access-Control-Allow-Origin": allowed}
        web.answers["/more.js"] = Reply(MORE, headers=headers)
        assert named(found(url), "error", "script") == ""


def test_a_part_may_not_lead_to_another_origin(web: Web, found: Found) -> None:
    elsewhere = web.url("/more.9.9.9.js").replace("127.0.0.1", "localhost")
    web.answers["/more.js"] = Reply(status=302, headers={"Location": elsewhere})
    said = named(found(web.page("TAG")), "error", "script")
    assert f"{elsewhere} comes without Access-Control-Allow-Origin" in said


def test_the_key_that_it_should_be(web: Web, found: Found) -> None:
    url = web.page("TAG")
    assert named(found(url, key="KEY"), "error", "key") == ""
    assert 'data-site="ANOTHER"' in named(found(url, key="ANOTHER"), "error", "key")


POLICIES = [
    # policy, words of the error; empty: none
    ("default-src 'self'", ""),
    ("default-src 'none'", "default-src refuses"),
    ("script-src 'none'; connect-src *", "script-src refuses"),
    ("script-src *; connect-src 'none'", "connect-src refuses"),
    ("script-src-elem 'none'; script-src *", "script-src-elem refuses"),
    ("script-src 'strict-dynamic' 'self'; connect-src *", "script-src refuses"),
    ("img-src 'none'", ""),
    ("default-src 'self', script-src 'none'", "script-src refuses"),
]


@pytest.mark.parametrize(("policy", "words"), POLICIES)
@pytest.mark.parametrize("way", ["header", "meta"])
def test_a_policy(web: Web, found: Found, policy: str, words: str, way: str) -> None:
    if way == "header":
        url = web.page("TAG", {"Content-Security-Policy": policy})
    else:
        url = web.page(f'<meta http-equiv="Content-Security-Policy" content="{policy}">TAG')
    told = named(found(url), "error", "csp")
    assert words in told
    assert bool(words) == bool(told)


def test_a_policy_has_to_let_in_what_the_script_imports(web: Web, found: Found) -> None:
    one, both = web.url("/ds.js"), f"{web.url('/ds.js')} {web.url('/more.js')}"
    for sources, errors in ((one, "script-src refuses"), (both, "")):
        policy = f"script-src {sources}; connect-src *"
        url = web.page("TAG", {"Content-Security-Policy": policy})
        told = named(found(url), "error", "csp")
        assert errors in told
        assert bool(errors) == bool(told)


TRACKERS = [
    (Reply(status=204, headers={"X-Darksocial-Refused": "unknown-site"}), "darksocial site list"),
    (Reply(status=204, headers={"X-Darksocial-Refused": "foreign-host"}), "--host"),
    (Reply(status=204), "with 204, not as the tracker does"),
    (Reply(status=503), "cannot keep events"),
    (Reply(b"<p>Hello</p>", status=200), "Let the proxy pass"),
    (Reply(status=405), "with 405"),
]


@pytest.mark.parametrize(("reply", "words"), TRACKERS)
def test_what_answers_in_the_tracker_s_place(
    web: Web, found: Found, reply: Reply, words: str
) -> None:
    web.answers["/c"] = reply
    assert words in named(found(web.page("TAG")), "error", "tracker")


def test_the_tracker_is_asked_for_the_page_and_its_key(web: Web, found: Found) -> None:
    url = web.page("TAG")
    found(url)
    (request,) = [one for one in web.asked if one.method == "POST"]
    # Without a kind, so that nothing can be recorded.
    assert json.loads(request.body) == {"k": "KEY", "e": [{"i": "1", "u": url}]}


def dropping(request: Request) -> Reply:
    if "ds=" in request.query:
        return Reply(status=302, headers={"Location": "/page"})
    return Reply(TAG.encode(), headers={"Content-Type": "text/html"})


def forbidding(request: Request) -> Reply:
    return Reply(TAG.encode(), 403 if "ds=" in request.query else 200)


def cached(hit: Callable[[Request], bool]) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        return Reply(TAG.encode(), headers={"X-Cache": "HIT" if hit(request) else "MISS"})

    return answer


PARAMETERS = [
    (dropping, "error", "parameter", "drops the parameter"),
    (forbidding, "error", "parameter", "answers 403 instead of 200"),
    (cached(lambda request: not request.query), "warning", "cache", "cache key"),
    (cached(lambda request: True), "ok", "cache", "come from the page cache"),
]


@pytest.mark.parametrize(("answer", "level", "check", "words"), PARAMETERS)
def test_a_link_with_the_parameter(
    web: Web, found: Found, answer: Callable[[Request], Reply], level: str, check: str, words: str
) -> None:
    web.answers["/page"] = answer
    assert words in named(found(web.url("/page")), level, check)


def test_the_query_of_a_page_stays(web: Web, found: Found) -> None:
    web.page("TAG")
    found(web.url("/page?b=1&c#part"))
    marked = [one.query for one in web.asked if "ds=" in one.query]
    assert marked
    assert all(query.startswith("b=1&c&ds=") for query in marked)
    assert all(parse_qs(query)["b"] == ["1"] for query in marked)


class TestHostilePages:
    def test_private_addresses_are_left_alone(self, web: Web) -> None:
        (finding,) = check(web.page("TAG"), Fetcher(), Known("9.9.9"))
        assert "add --allow-private" in finding.line
        assert web.asked == []

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("http://169.254.169.254/latest", "no public address"),
            ("http://10.0.0.1/", "no public address"),
            ("http://0x7f.1/", "no public address"),
            ("http://[::1]/", "no public address"),
            ("http://[::ffff:127.0.0.1]/", "no public address"),
            ("http://127.0.0.1:99999/", "Port out of range"),
            ("http://[::1", "cannot be fetched"),
            ("http://", "no http or https address"),
            ("file:///etc/passwd", "no http or https address"),
            ("http://example.com/" + "a" * 9000, "usable length"),
        ],
    )
    def test_addresses_that_are_not_asked(self, url: str, words: str) -> None:
        with pytest.raises(FetchError, match=words):
            Fetcher().get(url)

    def test_an_endless_redirect(self, web: Web, found: Found) -> None:
        web.answers["/page"] = Reply(status=302, headers={"Location": "/page"})
        assert "more than 10 times" in named(found(web.url("/page")), "error", "page")

    def test_a_redirect_to_no_address(self, web: Web, found: Found) -> None:
        web.answers["/page"] = Reply(status=302, headers={"Location": "http://[bad"})
        assert "no address" in named(found(web.url("/page")), "error", "page")

    def test_a_page_that_never_ends(self, web: Web, found: Found) -> None:
        web.answers["/page"] = Reply(b"x" * 1000, drip=0.05)
        findings = found(web.url("/page"), seconds=0.5)
        assert "within 0.5 seconds" in named(findings, "error", "page")

    def test_a_page_without_end(self, web: Web, found: Found) -> None:
        web.answers["/page"] = Reply(TAG.encode() + b" " * (2 * MAX_BYTES))
        assert named(found(web.url("/page")), "ok", "tag")

    @pytest.mark.parametrize(
        "text", ["<!--", "<a ", "<script ", '<a b="', "<![", "<!", "</", "<script></script "]
    )
    def test_html_that_is_slow_to_read(self, web: Web, found: Found, text: str) -> None:
        web.answers["/page"] = Reply((text * 500_000)[:MAX_BYTES].encode())
        assert seconds(lambda: found(web.url("/page"))) < 20

    def test_gzip_that_explodes(self, web: Web, found: Found) -> None:
        import gzip

        web.answers["/page"] = Reply(
            gzip.compress(TAG.encode() + b" " * 50_000_000), headers={"Content-Encoding": "gzip"}
        )
        assert named(found(web.url("/page")), "ok", "tag")

    def test_broken_gzip(self, web: Web, found: Found) -> None:
        web.answers["/page"] = Reply(b"no gzip", headers={"Content-Encoding": "gzip"})
        assert "gzip" in named(found(web.url("/page")), "error", "page")

    def test_no_http(self, web: Web, found: Found) -> None:
        web.answers["/page"] = Reply(b"", headers={"Content-Length": "nonsense"})
        assert len(found(web.url("/page"))) >= 1

    def test_control_characters_do_not_reach_the_terminal(self, web: Web, found: Found) -> None:
        web.page("<script defer src='/ds.js' data-site='\x1b[2J\x07\u202e'></script>")
        lines = [one.line for one in found(web.url("/page"), key="KEY")]
        assert all(line.isprintable() for line in lines)

    def test_an_address_with_letters_that_no_url_has(self, web: Web, found: Found) -> None:
        web.answers["/page"] = Reply(status=302, headers={"Location": "/stra\xc3\x9fe und"})
        told = named(found(web.url("/page")), "error", "page")
        assert "answers 404" in told
        assert web.asked[-1].path == "/stra%C3%9Fe%20und"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody trusts, with its key."""
    program = shutil.which("openssl")
    if not program:
        pytest.skip("openssl is not installed: apt-get install openssl")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run([program, *words.split(), *names, *files], check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


class TestTLS:
    def test_a_certificate_that_browsers_do_not_trust(self, certificate: Path) -> None:
        with Web(certificate) as web, pytest.raises(FetchError, match="no certificate"):
            Fetcher(allow_private=True).get(web.url().replace("127.0.0.1", "localhost"))

    def test_the_time_is_limited_there_too(self, certificate: Path) -> None:
        trusting = ssl.create_default_context(cafile=certificate)
        fetcher = Fetcher(allow_private=True, seconds=0.5, _tls=trusting)
        with Web(certificate) as web:
            url = web.url("/page").replace("127.0.0.1", "localhost")
            web.answers["/page"] = Reply(b"short")
            assert fetcher.get(url).text == "short"
            web.answers["/page"] = Reply(b"x" * 1000, drip=0.05)
            with pytest.raises(FetchError, match="within"):
                fetcher.get(url)


def test_the_worst_level() -> None:
    assert worst([]) == "ok"
    assert worst([Finding("ok", "a", ""), Finding("error", "b", ""), Finding("note", "c", "")]) == (
        "error"
    )
