"""What nearest neighbors say: every setting with its error, and what distances do not see."""

from dataclasses import replace

from cvtool.records import ExplainedKnnResult, Explanation, KnnResult
from cvtool.render.explanation_table import explanation_sentences, spelled_distance
from cvtool.render.knn_table import RULES, compared_words, error_titles, error_words
from cvtool.render.quantities import count, duration, share
from cvtool.render.report.blocks import Facts, Figure, Section, Sentences, Summary, Table
from cvtool.render.report.results.verdicts import verdict_lines


def neighbors(result: KnnResult) -> Summary:
    """Tell how well neighbors vote."""
    best = result.best
    how = f"k = {best.k}, {best.metric}"
    error = error_words(best)
    where = "validation accuracy" if result.split == "val" else "test accuracy"
    figures = (
        Figure(share(best.accuracy), f"best {where}", f"{how}, {error[0]}" if error else how),
        Figure(count(result.queries), "images classified"),
        Figure(count(result.train_images), "training images"),
        Figure(duration(result.seconds), "time", f"{duration(result.comparing_seconds)} comparing"),
    )
    return Summary(figures, verdict_lines(result.verdicts), (_settings(result),))


def explained(result: ExplainedKnnResult) -> Summary:
    """Tell as well what distances between pixels do not see."""
    plain = neighbors(result)
    return replace(plain, sections=(*plain.sections, _explanation(result.explanation)))


def _settings(result: KnnResult) -> Section:
    votes = len(result.results) * result.queries
    facts = (
        ("data", f"{result.dataset}, seed {result.seed}"),
        ("seen as", f"{result.features}, preprocessed: {result.preprocess}"),
        ("compared", compared_words(result)),
        ("tied", f"{count(result.ties)} of {count(votes)} votes, won by {RULES[result.tie_rule]}"),
    )
    rows = tuple(
        (each.metric, str(each.k), share(each.accuracy), *error_words(each), count(each.ties))
        for each in result.results
    )
    best = next(place for place, each in enumerate(result.results) if each == result.best)
    heads = ("metric", "k", "accuracy", *error_titles(result.best), "ties")
    table = Table("Accuracy of each setting", heads, rows, best=best)
    return Section("settings", "What each setting reaches", (Facts(facts), table))


def _explanation(explanation: Explanation) -> Section:
    heads = (
        "from an image to",
        "mean distance",
        "farther than nearest other",
        "farther than nearest of another class",
    )
    nearest = spelled_distance(explanation.nearest_distance)
    another = spelled_distance(explanation.another_class_distance)
    rows = [("its nearest other image", nearest, "", "")]
    rows.append(("its nearest of another class", another, "", ""))
    rows += [
        (
            f"itself {each.change}",
            spelled_distance(each.distance),
            share(each.farther_than_nearest),
            share(each.farther_than_another_class),
        )
        for each in explanation.changes
    ]
    caption = (
        f"{count(explanation.queries)} images, compared with themselves and with "
        f"{count(explanation.images)} images"
    )
    sentences = tuple(
        f"{each[0].upper()}{each[1:]}." for each in explanation_sentences(explanation)
    )
    blocks = (Table(caption, heads, tuple(rows)), Sentences(sentences))
    return Section("distances", f"What {explanation.metric} distances see", blocks)
