"""Reports and visits as files: CSV, Excel, Parquet, PDF, HTML.

`report_file` gives a report as bytes. `write_visits` writes single visits page by page, so that
memory does not grow with their number.
"""

from darksocial.exports.files import REPORT_FORMATS, TYPES, file_name, report_file
from darksocial.exports.rows import VISIT_FORMATS, csv_chunks, no_format, write_visits
from darksocial.exports.visits import Cursor, Wanted, page, pages

__all__ = [
    "REPORT_FORMATS",
    "TYPES",
    "VISIT_FORMATS",
    "Cursor",
    "Wanted",
    "csv_chunks",
    "file_name",
    "no_format",
    "page",
    "pages",
    "report_file",
    "write_visits",
]
