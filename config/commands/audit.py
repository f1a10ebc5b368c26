import argparse

from config.start import enter_django, find_database


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify"])


def run(_options: argparse.Namespace) -> int:
    """Re-compute every hash chain and the history of drafts; exit code 1 and what was changed."""
    find_database()
    enter_django()
    from madoguchi.clerical.decisions.verifying import altered_history
    from madoguchi.ledgers.office import queries
    from madoguchi.ledgers.office.session import municipality_session

    sound = True
    for municipality in queries.municipalities():
        with municipality_session(municipality.pk):
            report = queries.verify_chain(municipality)
            altered = altered_history()
        sound = sound and report.broken is None and not altered
        said = f"{report.rows}件の記録に改ざんはありません。" if not report.broken else report.broken.sentence
        print(f"{report.municipality}: {said}")
        for sentence in altered:
            print(f"{report.municipality}: {sentence}")
    return 0 if sound else 1
