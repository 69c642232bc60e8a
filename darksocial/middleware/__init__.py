"""What a site's own server sees and the snippet cannot: for Flask, Django, FastAPI, Starlette.

Messengers fetch a page that somebody pasted, and run no JavaScript: the middleware reports
such fetches of tagged pages to the tracker. It also hands the browser's `Sec-Fetch-Site` on to
the snippet, in a `Server-Timing` header of the page. Neither waits for anything: reports go
through a bounded queue and a thread of their own.

    from darksocial.middleware import WSGIMiddleware

    app.wsgi_app = WSGIMiddleware(app.wsgi_app, "https://tracker.example.com", "SITE-KEY")

    from darksocial.middleware import ASGIMiddleware

    app.add_middleware(
        ASGIMiddleware, tracker_url="https://tracker.example.com", site_key="SITE-KEY"
    )
"""

from darksocial.middleware.asgi import ASGIMiddleware
from darksocial.middleware.reporter import Counts, Reporter
from darksocial.middleware.wsgi import WSGIMiddleware

__all__ = ["ASGIMiddleware", "Counts", "Reporter", "WSGIMiddleware"]
