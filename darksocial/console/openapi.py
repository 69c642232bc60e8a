"""What the API offers, as one table, and the OpenAPI document that is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from darksocial import __version__, reports
from darksocial.model import CHANNELS, EVIDENCE, LINK_KINDS
from darksocial.reports.narrowing import FILTERS

BASE = "/api/v1"
LINK_FIELDS = {"destination": "", "kind": "campaign", "label": ""}

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
DAY: Schema = {"type": "string", "format": "date"}
NEXT: Schema = {
    "type": ["string", "null"],
    "description": "The cursor of the next page; null at the end.",
}


def rows(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def fields(*required: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": list(required or properties), "properties": properties}


def words(*known: str) -> Schema:
    return {"type": "string", "enum": list(known)}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of the path or the query."""

    name: str
    schema: Schema
    description: str
    place: str = "query"


@dataclass(frozen=True, slots=True)
class Operation:
    """A route: `name` is that of its view, `role` the least that it takes."""

    name: str
    path: str
    summary: str
    answer: Schema
    parameters: tuple[Parameter, ...] = ()
    method: str = "get"
    role: str = "reader"
    body: Schema | None = None
    status: int = 200


SITE = Parameter("site", TEXT, "The site; may be left out where there is only one.")
RANGE = (
    Parameter("from", DAY, "First day, in the site's time zone."),
    Parameter("to", DAY, "Last day, included."),
)
LIMIT = Parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000}, "Most entries.")
CURSOR = Parameter("cursor", TEXT, "`next` of the page before.")
EVIDENCE_ONLY = Parameter("evidence", words(*EVIDENCE), "Only this evidence.")


def report_options() -> tuple[Parameter, ...]:
    """Return the options that single reports know, each once, with the words of all of them."""
    known: dict[str, dict[str, tuple[str, ...] | None]] = {}
    for name, question in reports.REPORTS.items():
        for option, choices in question.options.items():
            known.setdefault(option, {})[name] = choices
    return tuple(_option(option, by_report) for option, by_report in known.items())


def _option(option: str, by_report: dict[str, tuple[str, ...] | None]) -> Parameter:
    choices = dict.fromkeys(word for one in by_report.values() for word in one or ())
    told = "; ".join(
        f"{name}: {', '.join(one)}" if one else name for name, one in by_report.items()
    )
    return Parameter(option, words(*choices) if choices else TEXT, f"Of reports ({told}).")


LIMITS = (
    *(
        Parameter(name, words(*known) if known else TEXT, f"Only visits with this {name}.")
        for name, known in FILTERS.items()
    ),
    Parameter("segment", TEXT, "Only visits of the segment with this name."),
)


LINK = fields(
    code=TEXT,
    address=TEXT,
    site=TEXT,
    destination=TEXT,
    kind=words(*LINK_KINDS),
    label=TEXT,
    expires={"type": ["string", "null"], "format": "date-time"},
    disabled={"type": "boolean"},
)
VISIT = fields(
    "visit", "day", "ts", "page", "channel", "evidence", "probability", "reported_channel",
    visit={"type": "string", "description": "The id of the visit: a whole number as text."},
    day=DAY,
    ts={"type": "string", "format": "date-time"},
    page={"type": "string", "description": "Host and path of the landing page."},
    channel=words(*CHANNELS),
    application=TEXT,
    application_kind=TEXT,
    evidence=words(*EVIDENCE),
    probability={"type": ["number", "null"], "description": "Of being dark social."},
    reason=TEXT,
    reported_channel={"type": "string", "description": "The channel that GA4 would report."},
    pages=COUNT,
    seconds=COUNT,
)  # fmt: skip
REPORT = fields(
    "report", "site", "timezone", "from", "to", "rows",
    report=TEXT,
    site=TEXT,
    timezone=TEXT,
    **{"from": {"type": ["string", "null"]}, "to": {"type": ["string", "null"]}},
    rows=rows({"type": "object"}),
)  # fmt: skip

OPERATIONS = (
    Operation(
        "sites",
        "/sites",
        "The sites that the key is good for.",
        fields(sites=rows(fields(name=TEXT, hosts=rows(TEXT), timezone=TEXT, key=TEXT))),
    ),
    Operation(
        "report_names",
        "/reports",
        "The reports that there are.",
        fields(reports=rows(fields(name=TEXT))),
    ),
    Operation(
        "report",
        "/reports/{name}",
        "A report: rows, and beside them its single figures. For readers, figures that speak of "
        "fewer visitors than the setting `minimum_visitors` are null.",
        REPORT,
        (
            Parameter("name", words(*reports.REPORTS), "Which report.", "path"),
            SITE,
            *RANGE,
            *report_options(),
            *LIMITS,
        ),
    ),
    Operation(
        "now",
        "/now",
        "The last half hour, as far as visits are classified. Lists that count few visitors are "
        "shortened for readers as in reports.",
        fields(
            site=TEXT,
            visits=COUNT,
            going_on=COUNT,
            pages=rows(fields(page=TEXT, visits=COUNT)),
            channels=rows(fields(channel=TEXT, visits=COUNT)),
            applications=rows(fields(application=TEXT, visits=COUNT)),
            steps=rows(fields(minute=COUNT, visits=COUNT)),
        ),
        (SITE, *LIMITS),
    ),
    Operation(
        "visits",
        "/visits",
        "Single visits in the order of day and id. A page may be shorter than `limit` although "
        "`next` leads on.",
        fields(site=TEXT, visits=rows(VISIT), next=NEXT),
        (SITE, *RANGE, EVIDENCE_ONLY, *LIMITS, CURSOR, LIMIT),
        role="analyst",
    ),
    Operation(
        "links",
        "/links",
        "Managed links in the order in which they were made.",
        fields(links=rows(LINK), next=NEXT),
        (SITE, CURSOR, LIMIT),
    ),
    Operation(
        "add_link",
        "/links",
        "Make a managed link.",
        LINK,
        method="post",
        role="owner",
        body=fields("destination", destination=TEXT, kind=words(*LINK_KINDS), label=TEXT),
        status=201,
    ),
    Operation("description", "/openapi.json", "This document.", {"type": "object"}),
)

ERRORS = {
    "400": "The request cannot be used as it is.",
    "401": "No key, or one that is not good here.",
    "403": "The key's role is not enough.",
    "404": "There is no such thing.",
    "503": "The store cannot be reached now: try again.",
}


def document() -> dict[str, Any]:
    """Return the API's description in OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(BASE + operation.path, {})[operation.method] = _operation(operation)
    error = fields(error=TEXT)
    return {
        "openapi": "3.1.0",
        "info": {"title": "darksocial", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": {"Error": error},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"key": []}],
    }


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Takes the role {operation.role}.",
        "responses": {str(operation.status): _json("The answer.", operation.answer)}
        | {code: _json(text, _ERROR) for code, text in ERRORS.items()},
    }
    if operation.parameters:
        told["parameters"] = [_parameter(parameter) for parameter in operation.parameters]
    if operation.body:
        told["requestBody"] = {"required": True, **_content(operation.body)}
    return told


_ERROR = {"$ref": "#/components/schemas/Error"}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.description,
        "schema": parameter.schema,
    }


def _json(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, **_content(schema)}


def _content(schema: Schema) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}
