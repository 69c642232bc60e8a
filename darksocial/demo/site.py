"""The demo site itself: static pages with the snippet in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request

from darksocial.demo import articles
from darksocial.middleware import WSGIMiddleware
from darksocial.model import Link, Site
from darksocial.settings import Settings, web_address

pages = Blueprint("demo", __name__)


def create_app(settings: Settings, site: Site, links: Sequence[Link]) -> Flask:
    """Return the demo site; its pages carry the snippet tag of `site`."""
    app = Flask(__name__)
    app.config.update(SITE=site, TRACKER=settings.tracker_address, PORT=settings.demo_port)
    app.register_blueprint(pages)
    # As an owner would: so that programs which fetch a preview of a page are seen.
    app.wsgi_app = WSGIMiddleware(  # type: ignore[method-assign]
        app.wsgi_app, settings.tracker_address, site.key
    )

    @app.context_processor
    def common() -> dict[str, Any]:
        return {
            "base": base(),
            "site": site,
            "links": links,
            "tracker": settings.tracker_address,
            "console": web_address(settings.console_host, settings.console_port),
            "magazine": articles.MAGAZINE,
            "motto": articles.MOTTO,
            "sections": articles.SECTIONS,
            "articles": articles.ARTICLES,
        }

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
            f"form-action 'none'; script-src 'self' {settings.tracker_address}; "
            f"connect-src {settings.tracker_address}"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app


def base() -> str:
    """Return the address of the site as this visitor has it, where it is one of its own."""
    if request.host in current_app.config["SITE"].hosts:
        return f"http://{request.host}"
    return web_address("127.0.0.1", current_app.config["PORT"])


@pages.get("/")
def home() -> str:
    return render_template("home.html")


@pages.get(articles.LETTER)
def letter() -> str:
    return render_template("letter.html")


@pages.get(articles.GUIDE)
def guide() -> str:
    return render_template("try.html")


@pages.get("/<section>")
def section(section: str) -> str:
    found = articles.SECTION_BY_PATH.get(f"/{section}")
    if found is None:
        abort(404)
    chosen = [article for article in articles.ARTICLES if article.section == section]
    return render_template("section.html", section=found, chosen=chosen)


@pages.get("/<section>/<slug>")
def article(section: str, slug: str) -> str:
    found = articles.BY_PATH.get(f"/{section}/{slug}")
    if found is None:
        abort(404)
    others = [article for article in articles.ARTICLES if article is not found][:3]
    return render_template("article.html", article=found, others=others)


@pages.get("/favicon.ico")
def favicon() -> Response:
    return Response(status=204)
