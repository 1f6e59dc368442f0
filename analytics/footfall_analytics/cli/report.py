"""``footfall report NAME``: one of the catalogue's questions, answered."""

from __future__ import annotations

from typing import Any

import click

from footfall_analytics.cli.cells import in_table, printable
from footfall_analytics.cli.failures import FAILED, OK
from footfall_analytics.cli.options import analytics_option, connected, format_option
from footfall_analytics.cli.printing import Format, print_rows
from footfall_analytics.cli.report_table import folded
from footfall_analytics.reports import CATALOG, QuestionError, Reports, Result
from footfall_analytics.reports.catalog import BY, find_report
from footfall_analytics.reports.filters import HOW_TO_FILTER
from footfall_analytics.reports.period import HOW_TO_SAY_WHEN
from footfall_analytics.reports.special import DIRECTIONS, USED

_TABLE_LIMIT = 50

_REPORTS = "\n".join(f"{name:<12}{report.question}" for name, report in CATALOG.items())

_HELP = f"""Answer one question from the recorded events.

\b
{_REPORTS}

--since and --until take {HOW_TO_SAY_WHEN}. The end is exclusive, but a bare date means its whole day. Without
them, a report is of everything there is, from the first row to the last.

--where takes {HOW_TO_FILTER}, any number of times: values of one dimension are alternatives, all else must hold.

Robots are left out, and the line below the table says how many. Exit code 1 means that the accounting does not add up.
"""


@click.command(help=_HELP, short_help="Answer a question: traffic, pages, documents, members, …")
@click.argument("name")
@click.option("--since", metavar="WHEN", help="From this moment on.  [default: the first row]")
@click.option("--until", metavar="WHEN", help="Until just before this moment.  [default: the last row]")
@click.option("--site", default="", metavar="SITE", help="Only this site.  [default: all, added together]")
@click.option("--where", "filters", multiple=True, metavar="DIMENSION=VALUE", help="Only such rows; repeatable.")
@click.option("--compare", is_flag=True, help="Beside each number, that of the period before, and the change.")
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="ROWS", help="0 is all.  [default: 50 in a table, else all]"
)
@click.option("--by", type=click.Choice(BY), help="What a row is, where one can choose.  [default: day in traffic]")
@click.option("--fill", is_flag=True, help="Hours or days without any rows, too.")
@click.option("--timezone", default="UTC", show_default=True, metavar="ZONE", help="Days are cut in it: Europe/Berlin.")
@click.option("--bots", is_flag=True, help="Count robots too.")
@click.option("--purpose", metavar="NAME", help="Only rows that were granted for this purpose of the policy.")
@click.option("--dimension", metavar="NAME", help="What breakdown divides by: country, browser, language, …")
@click.option("--member", metavar="ID", help="Whose timeline.")
@click.option("--step", "steps", multiple=True, metavar="STEP", help="Of funnel: /page, document:NAME, …; repeat.")
@click.option("--path", metavar="PATH", help="Of journeys: the page that they lead from, or to.")
@click.option("--direction", type=click.Choice(DIRECTIONS), help="Of journeys: from it or to it.  [default: next]")
@click.option("--kind", type=click.Choice(USED), help="Of together: what is used.  [default: document]")
@click.option("--item", metavar="NAME", help="Of together: what to find companions of.")
@format_option
@analytics_option
def report(name: str, limit: int | None, form: Format, url: str, **options: Any) -> int:
    """Print the answer, and give the exit code."""
    asked: dict[str, Any] = {option: value for option, value in options.items() if value not in (None, False, ())}
    try:
        find_report(name)
        with connected(url) as connection:
            result = Reports(connection).run(name, limit=_rows(limit, form), **asked)
    except QuestionError as error:
        raise click.UsageError(printable(str(error))) from None
    _show(result, form, everything=not {"since", "until"} & asked.keys())
    return FAILED if result.problems else OK


def _rows(limit: int | None, form: Format) -> int | None:
    if limit is None:
        return _TABLE_LIMIT if form == "table" else None
    return limit or None


def _show(result: Result, form: Format, *, everything: bool) -> None:
    if form == "table":
        _show_table(result, everything=everything)
    else:
        print_rows(form, result.columns, result.rows)
    for problem in result.problems:
        click.echo(f"Does not add up: {problem}.", err=form != "table")


def _show_table(result: Result, *, everything: bool) -> None:
    if result.rows:
        click.echo(f"{result.name.capitalize()}, {result.period}\n")
        columns, rows, total = folded(result)
        print_rows("table", columns, rows, total)
        click.echo()
    else:
        click.echo("No rows." if everything else f"No rows between {result.period.between}.")
    for note in (*_more(result), *_compared(result), *_figures(result), *result.notes, *_purpose(result)):
        click.echo(printable(f"{note[0].upper()}{note[1:]}."))


def _more(result: Result) -> list[str]:
    if not result.more:
        return []
    which = "newest" if result.total else "first"
    return [f"these are the {which} {len(result):,}; --limit 0 shows all"]


def _figures(result: Result) -> list[str]:
    return [f"{name.replace('_', ' ')}: {in_table(name, value)}" for name, value in result.figures.items()]


def _purpose(result: Result) -> list[str]:
    return [f"purpose: {result.purpose}"] if result.rows else []


def _compared(result: Result) -> list[str]:
    return [f"compared with {result.previous}"] if result.previous else []
