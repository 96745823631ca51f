"""`bimikit rules`: list the rules, or explain one."""

from __future__ import annotations

import click

from ..documentation import explain, overview, overview_markdown, table_markdown
from ..locale import LANGUAGES
from ..rules import all_rules, matches
from .options import suggestion
from .streams import CANNOT_RUN, put
from .words import complain, language, told


@click.command(
    epilog="\b\nExamples:\n"
    "  bimikit rules                       every rule: id, severity, title, source\n"
    "  bimikit rules svg.title             those that begin so\n"
    "  bimikit rules svg.title-missing     what, why, a bad and a good example, and what to do"
)
@click.argument("rule_id", required=False, metavar="[ID]")
@click.option("-f", "--format", "output_format", type=click.Choice(["text", "markdown", "table"]), default="text")
@click.option("--lang", type=click.Choice(LANGUAGES), callback=language, is_eager=True, help="Language of the texts.")
@click.pass_context
def command(ctx: click.Context, /, rule_id: str | None, output_format: str, lang: str) -> None:
    """List bimikit's rules, or explain the rule ID. An ID may be shortened to the beginning of several."""
    rules = all_rules()
    if rule_id is not None and rule_id in rules:
        put(explain(rules[rule_id], lang))
        return
    chosen = [rule for rule in rules if rule_id is None or matches(rule, (rule_id,))]
    if not chosen:
        hint = suggestion(rule_id or "", [rule.id for rule in rules])
        complain(told("rule.none", word=repr(rule_id), hint=hint))
        ctx.exit(CANNOT_RUN)
    write = {"text": overview, "markdown": overview_markdown, "table": table_markdown}[output_format]
    put(write(chosen, lang))
