"""The fields of a form as HTML, one function a kind: a node of a template costs more than the line it writes.

Texts of packages and of ours come as safe HTML from `words` and `speech`; everything else passes `e`.
"""

from collections.abc import Callable
from html import escape
from typing import Any

from django.template.defaultfilters import filesizeformat, linebreaksbr
from django.utils.safestring import SafeString

from madoguchi.common.by_identity import by_identity
from madoguchi.ledgers.procedures.fields import Option
from madoguchi.web.components import words
from madoguchi.web.components.field_views import Input, Shown
from madoguchi.web.components.icons import icon

Errors = list[tuple[str, str]]


def drawn(shown: Shown, known: str = "") -> SafeString:
    """Any field of a procedure; `known` is the mark of an answer that stands as the register has it."""
    return SafeString(KINDS[shown.kind](shown, known))


def e(text: object) -> str:
    return escape(str(text))


def _describedby(ids: str) -> str:
    return f' aria-describedby="{e(ids)}"' if ids else ""


def _ticks(one: Input) -> str:
    """What a reader of the screen is told of one input."""
    wrong = ' aria-invalid="true"' if one.error else ""
    must = ' aria-required="true"' if one.required else ""
    return f"{_describedby(one.describedby)}{wrong}{must}"


def _label(shown: Shown) -> str:
    return f"{shown.label}{_must(shown) if shown.must else _may(shown)}\n"


def _must(shown: Shown) -> str:
    return f'<span class="field__must">{shown.say("field.must")}</span>'


def _may(shown: Shown) -> str:
    return f'<span class="field__may">{shown.say("field.may")}</span>'


def _help(shown: Shown) -> str:
    if not shown.field.help:
        return ""
    return f'<p class="field__help" id="help:{e(shown.name)}">{shown.help}</p>'


def _errors(shown: Shown, errors: Errors) -> str:
    return "".join(
        f'<p class="field__error" id="error:{e(name)}">{icon("alert")}'
        f"<span>{words.shown(sentence, shown.filled.reader)}</span></p>"
        for name, sentence in errors
    )


def _after(shown: Shown, known: str) -> str:
    """Under the control: how it was read, where it came from."""
    echo = shown.echo
    told = (
        f'<p class="field__echo" id="echo:{e(shown.name)}">{icon("check")}'
        f"<span>{words.shown(echo, shown.filled.reader)}</span></p>"
        if echo
        else ""
    )
    return f'{told}<p class="field__mark">{known}</p>\n' if shown.known else f"{told}\n"


def _single(shown: Shown, known: str, control: str, beside: str = "") -> str:
    """A question with one input, under its label."""
    name, errors = e(shown.name), shown.errors
    return (
        f'<div class="field{" field--wrong" if errors else ""}" data-field="{name}">\n'
        f'  <label class="field__label" for="{name}">{_label(shown)}</label>\n'
        f"  {_help(shown)}{_errors(shown, errors)}\n"
        f'  <div class="field__control{" field__beside" if beside else ""}">{control}{beside}</div>\n'
        f"  {_after(shown, known)}</div>\n"
    )


def _fieldset(shown: Shown, known: str, inside: str) -> str:
    """A question with several inputs, under its legend."""
    errors = shown.errors
    return (
        f'<fieldset class="field{" field--wrong" if errors else ""}" data-field="{e(shown.name)}"'
        f"{_describedby(shown.help_id)}>\n"
        f'  <legend class="field__label">{_label(shown)}</legend>\n'
        f"  {_help(shown)}{_errors(shown, errors)}\n  {inside}\n  {_after(shown, known)}</fieldset>\n"
    )


def _text_input(one: Input) -> str:
    name, kind = e(one.name), {"email": "email", "tel": "tel"}.get(one.inputmode, "text")
    width = f" input--{one.width}" if one.width else ""
    mode = f' inputmode="{one.inputmode}"' if one.inputmode else ""
    return (
        f'<input class="input{width}" type="{kind}" id="{name}" name="{name}" value="{e(one.value)}"{mode}'
        f' autocomplete="{one.autocomplete}"{_ticks(one)}>\n'
    )


def _input(shown: Shown, known: str) -> str:
    unit = shown.unit
    beside = f'<span class="field__unit">{unit}</span>' if unit else ""
    return _single(shown, known, _text_input(shown.input), beside)


def _longtext(shown: Shown, known: str) -> str:
    one = shown.input
    name = e(one.name)
    area = (
        f'<textarea class="input" id="{name}" name="{name}" rows="4"{_ticks(one)}>{e(one.value)}</textarea>'
    )
    return _single(shown, known, area)


def _select(shown: Shown, known: str) -> str:
    name = e(shown.name)
    options = _options(shown, shown.filled.typed(shown.name))
    return _single(
        shown,
        known,
        f'<select class="input input--long" id="{name}" name="{name}"{_ticks(shown.input)}>\n    {options}</select>',
    )


def _options(shown: Shown, typed: str) -> str:
    """The list of a choice as HTML, with the one that was typed chosen."""
    listed = _listed(shown.filled.options(shown.field), shown.filled.reader.voice)
    if typed:
        value = f'<option value="{e(typed)}"'
        listed = listed.replace(f"{value}>", f"{value} selected>", 1)
    return f'<option value="">{e(shown.say_plain("field.choose"))}</option>{listed}'


@by_identity(512)
def _listed(options: tuple[Option, ...], voice: str) -> str:
    """Options are the package's own and the same for everybody who reads them in this voice."""
    return "".join(
        f'<option value="{e(each.value)}">{e(words.without_readings(words.marked(each.label, voice)))}</option>'
        for each in options
    )


def _parts(shown: Shown, known: str) -> str:
    inside = "".join(_part(one, _text_input(one)) for one in shown.parts)
    return _fieldset(shown, known, f'<div class="field__parts field__parts--two">{inside}</div>')


def _part(one: Input, control: str) -> str:
    return f'<div class="field__part"><label for="{e(one.name)}">{one.label}</label>{control}</div>'


def _address(shown: Shown, known: str) -> str:
    first, *others = shown.parts
    look_up = (
        f'<button class="button" name="_postcode" value="{e(shown.name)}">{icon("search")}'
        f"<span>{shown.say('field.look-up')}</span></button>"
    )
    beside = _part(first, f'<div class="field__beside">{_text_input(first)}{look_up}</div>')
    inside = beside + "".join(_part(one, _text_input(one)) for one in others)
    return _fieldset(shown, known, f'<div class="field__parts">{inside}</div>')


def _choice_radio(shown: Shown, known: str) -> str:
    boxed = " choices--boxed choices--two" if shown.field.type == "yes_no" else ""
    return _fieldset(shown, known, _choices(shown, "radio", boxed))


def _choice_check(shown: Shown, known: str) -> str:
    return _fieldset(shown, known, _choices(shown, "checkbox", ""))


def _choices(shown: Shown, kind: str, boxed: str) -> str:
    name = e(shown.name)
    wrong = f' aria-invalid="true" aria-describedby="error:{name}"' if shown.errors else ""
    inside = "".join(
        f'<label class="choice"><input type="{kind}" id="{e(each["id"])}" name="{name}" value="{e(each["value"])}"'
        f'{" checked" if each["chosen"] else ""}{wrong}><span class="choice__text">{each["label"]}</span>'
        + (f'<span class="choice__help">{each["help"]}</span></label>' if each["help"] else "</label>")
        for each in shown.options
    )
    return f'<div class="choices{boxed}">{inside}</div>\n'


def _consent(shown: Shown, known: str) -> str:  # noqa: ARG001 - nobody agrees in a register
    name, one, errors = e(shown.name), shown.input, shown.errors
    ticks = (
        (" checked" if one.value == "yes" else "")
        + _describedby(one.describedby)
        + (' aria-invalid="true"' if errors else "")
        + (' aria-required="true"' if shown.must else "")
    )
    return (
        f'<div class="field{" field--wrong" if errors else ""}" data-field="{name}">\n'
        f"  {_errors(shown, errors)}\n"
        f'  <div class="consent field__control"><label class="choice"><input type="checkbox" id="{name}"'
        f' name="{name}" value="yes"{ticks}><span class="choice__text">{shown.label}'
        f"{_must(shown) if shown.must else ''}</span></label>{_help(shown)}</div>\n</div>\n"
    )


def _explanation(shown: Shown, known: str) -> str:  # noqa: ARG001 - nothing is answered
    told = f"<p>{linebreaksbr(shown.help)}</p>" if shown.field.help else ""
    return (
        f'<div class="field banner banner--info" data-field="{e(shown.name)}"><p class="banner__title">'
        f"{icon('info')}<span>{shown.label}</span></p>{told}</div>\n"
    )


def _calculated(shown: Shown, known: str) -> str:  # noqa: ARG001 - worked out, not known
    echo = shown.echo
    if not echo:
        return "\n"
    told = f'<p class="field__help">{shown.help}</p>' if shown.field.help else ""
    return (
        f'<div class="field" data-field="{e(shown.name)}" aria-live="polite">'
        f'<p class="field__label">{shown.label}</p>{told}<p class="field__control"><b>{e(echo)}</b></p></div>\n'
    )


def _file(shown: Shown, known: str) -> str:
    kept = "".join(_kept(shown, each["id"], each["view"]) for each in shown.kept)
    return _fieldset(
        shown, known, f'<div class="files">{kept}\n  {_upload(shown) if shown.may_attach else ""}</div>'
    )


def _kept(shown: Shown, document: str, view: Any) -> str:
    """One file that is attached; `view` is None where it is not ours to name."""
    name = view.name if view else ""
    size = f'<span class="file__about">{filesizeformat(view.size)}</span>' if view else ""
    return (
        f'<div class="file">{icon("clip")}<span class="file__name">{e(name if view else document)}</span>{size}'
        f'<input type="hidden" name="{e(shown.name)}" value="{e(document)}">'
        f'<button class="button button--small button--ink" name="_drop" value="{e(shown.name)}:{e(document)}">'
        f"{icon('close')}<span>{shown.say('field.file-remove', name=name)}</span></button></div>"
    )


def _upload(shown: Shown) -> str:
    name = e(shown.name)
    wrong = f' aria-invalid="true" aria-describedby="error:{name}"' if shown.errors else ""
    later = f"<br>{shown.say('field.file-later')}" if shown.field.later else ""
    return (
        f'<div class="upload"><label class="hidden-words" for="{name}">{shown.say("field.file-choose")}</label>'
        f'<input type="file" id="{name}" name="file-{name}" accept="{e(shown.accept)}"{wrong}>\n'
        f'    <p class="field__help">{shown.say("field.file-kinds")}{later}</p>\n'
        f'    <button class="button button--small" name="_attach" value="{name}">{icon("clip")}'
        f"<span>{shown.say('field.file-add')}</span></button></div>"
    )


def _group(shown: Shown, known: str) -> str:
    name, errors = e(shown.name), shown.errors
    rows = "".join(_row(shown, row, known) for row in shown.rows)
    return (
        f'<fieldset class="fields{" field--wrong" if errors else ""}" id="{name}" tabindex="-1"'
        f' data-field="{name}"{_describedby(shown.help_id)}>\n'
        f'  <legend class="field__label">{_label(shown)}</legend>\n'
        f"  {_help(shown)}{_errors(shown, errors)}\n"
        f'  <div class="entries">{rows}</div>\n  {_add_row(shown) if shown.may_add else ""}\n'
        f"  {_after(shown, known)}</fieldset>\n"
    )


def _row(shown: Shown, row: dict[str, Any], known: str) -> str:
    name, index, plain = e(shown.name), row["index"], e(row["plain"])
    remove = (
        f'<button class="button button--small button--ink" name="_remove" value="{name}:{index}">{icon("close")}'
        f'<span>{shown.say("field.row-remove")}</span><span class="hidden-words">（{plain}）</span></button>'
        if row["may_go"]
        else ""
    )
    inside = "".join(drawn(column, known) for column in row["fields"])
    return (
        f'<div class="entry" role="group" aria-label="{plain}" id="{name}-{index}">\n'
        f'    <div class="entry__head"><span class="entry__name">{row["name"]}</span>{remove}</div>\n'
        f"    {inside}\n  </div>"
    )


def _add_row(shown: Shown) -> str:
    return (
        f'<p class="entries__add"><button class="button button--wide" name="_add" value="{e(shown.name)}">'
        f"{icon('add')}<span>{shown.say('field.row-add', label=shown.next_row_name)}</span></button></p>"
    )


def _ranked(shown: Shown, known: str) -> str:
    ranks = "".join(_rank(shown, rank) for rank in shown.ranks)
    following = shown.next_rank
    more = (
        f'<p class="entries__add"><button class="button button--wide" name="_more"'
        f' value="{e(shown.name)}:{following}">{icon("add")}<span>{shown.next_rank_label}</span></button></p>'
        if following
        else ""
    )
    return (
        f'<fieldset class="field" data-field="{e(shown.name)}" data-ranked{_describedby(shown.help_id)}>\n'
        f'  <legend class="field__label">{_label(shown)}</legend>\n  {_help(shown)}\n'
        f'  <div class="ranks">{ranks}</div>\n  {more}\n  {_after(shown, known)}</fieldset>\n'
    )


def _rank(shown: Shown, rank: dict[str, Any]) -> str:
    name, error = e(rank["name"]), rank["error"]
    wrong = (
        f'<p class="field__error" id="error:{name}">{icon("alert")}<span>{e(error)}</span></p>'
        if error
        else ""
    )
    ticks = (
        _describedby(rank["describedby"])
        + (' aria-invalid="true"' if error else "")
        + (" autofocus" if rank["focus"] else "")
    )
    note = f'<p class="rank__note">{rank["note"]}</p>' if rank["note"] else ""
    return (
        f'<div class="rank{" rank--wrong" if error else ""}">\n'
        f'    <div class="rank__head"><label class="rank__name" for="{name}">{rank["label"]}{_rank_must(shown, rank)}</label>\n'
        f'      <div class="rank__tools">\n        {_rank_tools(shown, rank)}\n      </div></div>\n'
        f'    {wrong}\n    <div class="field__control"><select class="input" id="{name}" name="{name}"{ticks}>\n'
        f"      {_options(shown, rank['typed'])}</select></div>\n    {note}\n  </div>"
    )


def _rank_must(shown: Shown, rank: dict[str, Any]) -> str:
    if rank["first"]:
        return _must(shown) if shown.must else ""
    return _may(shown)


def _rank_tools(shown: Shown, rank: dict[str, Any]) -> str:
    """Up, down and remove, as submit buttons."""
    name = e(rank["name"])
    tools = [
        ("_up", "field.rank-up", "arrow-up", _idle(rank["first"])),
        ("_down", "field.rank-down", "arrow-down", _idle(rank["last"])),
    ]
    if not rank["first"]:
        tools.append(("_clear", "field.rank-remove", "close", ""))
    return "\n        ".join(
        f'<button class="button button--square" name="{button}" value="{name}"'
        f' aria-label="{e(shown.say_plain(key, rank=rank["plain"]))}"{idle}>'
        f"{icon(picture)}</button>"
        for button, key, picture, idle in tools
    )


def _idle(is_idle: bool) -> str:
    return ' aria-disabled="true"' if is_idle else ""


KINDS: dict[str, Callable[[Shown, str], str]] = {
    "input": _input,
    "longtext": _longtext,
    "parts": _parts,
    "address": _address,
    "choice_radio": _choice_radio,
    "choice_check": _choice_check,
    "choice_select": _select,
    "consent": _consent,
    "explanation": _explanation,
    "calculated": _calculated,
    "file": _file,
    "group": _group,
    "ranked": _ranked,
}
