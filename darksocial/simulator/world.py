"""A world: what the simulator is told about a site, its readers and what makes it hard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# How arrivals that are no shares came, as parts of their number.
NEWS_MIX = MappingProxyType(
    {
        "search": 0.30,
        "social": 0.14,
        "referral": 0.06,
        "ai": 0.02,
        "newsletter": 0.04,
        "campaign": 0.03,
        "typed": 0.26,
        "bookmark": 0.10,
        "app": 0.02,
        "staff": 0.01,
    }
)


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is true of a simulated site. Parts and probabilities lie in 0 to 1.

    Size: `visits` arrivals are expected in `days` days. Pages: `sections`, `pages` (deep ones),
    `old` (part that is older than the span), `tail` (sigma of log popularity), `half_life`
    (hours), `evergreen` (what is left of popularity at the end), `tilt` (sigma by which channels
    differ in the pages they like), `volatility` (variance of a page's six hours, common to all
    channels), `trends` (a day), `trend_size`, `direct_load` (how far direct traffic to deep
    pages follows trends). `fading` is the law by which pages fade: exponential or power.
    `unrest` is the sigma of a channel's own ups and downs from day to day, and of one lasting
    change at some time. `paths` is the style of addresses (sections, dated, flat, numbered),
    `path_words` the usual number of words in one.

    People: `habit_spread` is the sigma (in log odds) by which habits differ from usual ones,
    `mobile`, `loyal` (multiplies how often arrivals are returning readers), `pool`
    (returning readers for each arrival), `consent` (part of people whose return is known),
    `fetch_site` (part of hits where a server hands it over), `follow` (further views a visit).

    Sharing: `shared` is the expected part of all arrivals that shares bring. `virality` is how
    many arrivals one arrival by share brings itself, `fan_tail` the Pareto exponent of an
    audience (smaller is heavier; `audience` is its law: pareto or geometric), `contagion` sigma
    of how pages differ in being passed on. `delay` multiplies how late recipients come, by the
    law `delays`: lognormal, power or exponential. `applications` multiplies how often each is
    used; `evidence` multiplies how often an application shows itself, `evidence_spread` is the
    sigma by which this differs between them.

    Tokens: `tokens` says whether the site carries the snippet. `mint_mobile` and `mint_desktop`
    are the probabilities that a share carries a token, by the sharer's device; `mint_spread`
    is the sigma (in log odds) by which applications differ, `mint_fan` lowers it for large
    audiences, `strip` is the part of recipients whose token is lost on the way. `silent`
    applications never carry tokens. `inherit` is the part of shares without a token of their own
    that carry on the one with which the sharer came, since it stands in the address bar.
    `report` is the part of minted tokens that are reported.

    Traces: `previews` (part of preview fetches that are seen: 0 where only the snippet
    measures), `cached` (part of fetches of an address without token that a cache answers),
    `composer` (fetches for links that were never sent, for each share), `search_lost`,
    `social_lost`, `referral_lost` (referrer lost), `newsletter_tagged` (part with utm).

    Nuisances: `blast` (untagged newsletter), `tv` (spots), `app_echo` (clicks from aggregators
    that follow shares) as parts of all arrivals or multiples of shares; `bots` for each arrival.
    """

    name: str
    visits: int = 200_000
    days: int = 28
    begin: int = 1_788_220_800  # 2026-09-01, a Tuesday
    host: str = "www.example.com"
    zone_hours: float = 1.0
    night: float = 0.1
    evening: float = 0.6
    weekend: float = 0.9
    growth: float = 0.0

    sections: int = 8
    pages: int = 1500
    old: float = 0.4
    tail: float = 1.3
    half_life: float = 30.0
    evergreen: float = 0.02
    tilt: float = 0.5
    volatility: float = 0.3
    trends: float = 2.0
    trend_size: float = 3.0
    direct_load: float = 0.15
    fading: str = "exponential"
    unrest: float = 0.1
    paths: str = "sections"
    path_words: float = 6.0

    channels: Mapping[str, float] = field(default_factory=lambda: NEWS_MIX)
    habit_spread: float = 0.0
    mobile: float = 0.6
    loyal: float = 1.0
    pool: float = 0.25
    consent: float = 0.5
    fetch_site: float = 0.5
    follow: float = 0.6

    shared: float = 0.15
    virality: float = 0.25
    fan_tail: float = 1.6
    contagion: float = 0.8
    audience: str = "pareto"
    delay: float = 1.0
    delays: str = "lognormal"
    applications: Mapping[str, float] = field(default_factory=dict)
    evidence: float = 1.0
    evidence_spread: float = 0.0

    tokens: bool = True
    mint_mobile: float = 0.40
    mint_desktop: float = 0.40
    mint_spread: float = 0.4
    mint_fan: float = 0.0
    strip: float = 0.03
    silent: tuple[str, ...] = ()
    inherit: float = 0.8
    report: float = 0.97

    previews: float = 0.7
    cached: float = 0.3
    composer: float = 0.2
    search_lost: float = 0.03
    social_lost: float = 0.04
    referral_lost: float = 0.08
    newsletter_tagged: float = 0.9
    webmail_shows: float = 0.05

    blast: float = 0.0
    tv: float = 0.0
    app_echo: float = 0.0
    bots: float = 0.02
    survey_error: float = 0.02
