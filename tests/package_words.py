"""Every sentence of a package's form, by the key it stands at."""

from collections.abc import Iterator

from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.procedures.package import Package
from madoguchi.ledgers.procedures.words import Words


def words_in(package: Package) -> Iterator[tuple[str, Words]]:
    for page in package.form.pages:
        yield page.key, page.title
        if page.help:
            yield page.key, page.help
        for each in page.fields:
            yield from _words_of(each)


def _words_of(each: Field) -> Iterator[tuple[str, Words]]:
    yield each.key, each.label
    if each.help:
        yield each.key, each.help
    yield from ((each.key, check.says) for check in each.checks)
    for column in each.columns:
        yield from _words_of(column)


def words_of_options(package: Package) -> Iterator[tuple[str, Words]]:
    """The choices of the form, which may be proper names."""
    for page in package.form.pages:
        for each in page.fields:
            for field in (each, *each.columns):
                yield from ((field.key, option.label) for option in field.options)
