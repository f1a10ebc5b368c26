import argparse

from config.start import enter_django, find_database


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify"])


def run(_options: argparse.Namespace) -> int:
    """Re-compute the hash chain of every municipality; exit code 1 and the first bad row if one was changed."""
    find_database()
    enter_django()
    from madoguchi.ledgers.office import queries
    from madoguchi.ledgers.office.session import municipality_session

    sound = True
    for municipality in queries.municipalities():
        with municipality_session(municipality.pk):
            report = queries.verify_chain(municipality)
        sound = sound and report.broken is None
        said = f"{report.rows}件の記録に改ざんはありません。" if not report.broken else report.broken.sentence
        print(f"{report.municipality}: {said}")
    return 0 if sound else 1
