"""Client hints: what a browser says beside its user agent, where a caller has the headers.

Chromium freezes most of its user agent; the brand, the platform and a WebView show in
`Sec-CH-UA`, and Android's WebView names its application in `X-Requested-With` (of low
reliability, it is being withdrawn). Hints refine an everyday browser; a named application, a
preview or a bot stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from darksocial.rules import headers, referrers
from darksocial.rules.agents import Agent

_WEBVIEW = "Android WebView"
_HEADLESS = "HeadlessChrome"
_ENGINES = ("Chromium", _WEBVIEW)
_BROWSERS = {"Google Chrome": "Chrome", "Microsoft Edge": "Edge", "YaBrowser": "Yandex Browser"}
_SYSTEMS = {"macOS": "Mac OS X", "Chromium OS": "Chrome OS"}


def refine(agent: Agent, sent: Mapping[str, str]) -> Agent:
    """Return what agent and headers say together; names of headers in any case."""
    named = {name.lower().replace("_", "-"): value for name, value in sent.items()}
    brands = headers.brands(named.get("sec-ch-ua", ""))
    if agent.kind not in ("browser", "in_app"):
        return agent
    if _HEADLESS in brands:
        return replace(agent, kind="bot", rule="hint:headless")
    agent = _system(_browser(agent, brands), named)
    return _application(agent, brands, named.get("x-requested-with", ""))


def _browser(agent: Agent, brands: Mapping[str, str]) -> Agent:
    real = [name for name in brands if name not in _ENGINES and re.fullmatch(r"[\w .]+", name)]
    if not real:
        return agent
    version = brands[real[0]].partition(".")[0] or None
    name = _BROWSERS.get(real[0], real[0])
    if agent.browser and agent.browser.startswith(name):
        name = agent.browser
    return replace(agent, browser=name, browser_version=version)


def _system(agent: Agent, named: Mapping[str, str]) -> Agent:
    system = named.get("sec-ch-ua-platform", "").strip('"')
    if system and system != "Unknown":
        agent = replace(agent, os=_SYSTEMS.get(system, system))
    forms = named.get("sec-ch-ua-form-factors", "")
    if headers.TABLET in forms:
        return replace(agent, device="tablet")
    if named.get("sec-ch-ua-mobile") == headers.MOBILE and agent.device != "tablet":
        return replace(agent, device="mobile")
    return agent


def _application(agent: Agent, brands: Mapping[str, str], package: str) -> Agent:
    """A browser that is a WebView is a person inside an application.

    It is one by its brand or, over plain HTTP and in older ones, by its agent (then it is in_app
    already): the package names which, where it is known.
    """
    if agent.application or (_WEBVIEW not in brands and agent.kind != "in_app"):
        return agent
    found = referrers.resolve(f"{referrers.ANDROID}{package}/") if package else referrers.NONE
    if agent.kind == "in_app" and not found.application:
        return agent
    return replace(
        agent,
        kind="in_app",
        application=found.application,
        application_kind=found.kind if found.application else "app",
        rule="hint:webview",
    )
