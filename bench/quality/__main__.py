"""
`make bench-quality DATA=FOLDER`: how well knowledge is found, and what the gate lets through.

The folder holds the question sets by their file names; nothing of it is part of the project.
`--quick` takes samples, `--words` goes without embeddings, `--json` prints data instead of tables.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from bench.quality import answerable, data, finding, limits
from bench.quality.vectors import Vectors
from chatrigo.integrations import embeddings

FULL, QUICK = (4_395, 382), (1_000, 80)
FACTS = 1_500  # passages, as in the figures that were to be beaten


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.quality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the question sets")
    parser.add_argument("--quick", action="store_true", help="samples of the sets")
    parser.add_argument("--words", action="store_true", help="without embeddings")
    parser.add_argument("--json", action="store_true", help="data instead of tables")
    parser.add_argument("--choose", action="store_true", help="choose the gate's limits anew")
    options = parser.parse_args()
    if not (options.data / "passages.jsonl").is_file():
        sys.exit(f"bench.quality: there are no question sets in {options.data}")
    vectors = None if options.words or not embeddings.model() else Vectors()
    try:
        if options.choose:
            limits.choose(options.data, vectors)
            return
        measure(options.data, vectors, quick=options.quick, as_json=options.json)
    finally:
        if vectors:
            vectors.close()


def measure(folder: Path, vectors: Vectors | None, *, quick: bool, as_json: bool) -> None:
    started = time.monotonic()
    passages, questions = QUICK if quick else FULL
    sizes = sorted({min(passages, FACTS), passages})
    wiki = [data.wiki(folder, size, questions) for size in sizes]
    found = finding.measure(folder, [data.bank(folder, questions), *wiki], vectors)
    if as_json:
        result = {
            "embeddings": embeddings.model() if vectors else "",
            "answerable": [asdict(each) for each in _judged(folder, questions, vectors)],
            "finding": [asdict(line) for line in found],
        }
        print(json.dumps(result, indent=1))
        return
    print(f"embeddings: {embeddings.model() if vectors else 'off'}\n")
    print(f"{'set':12} {'questions':20} {'n':>5} {'AUC':>6} {'answerable':>11} {'sent':>7} right")
    for each in _judged(folder, questions, vectors):
        auc = f"{each.auc:6.3f}" if each.auc is not None else f"{'':6}"
        right = f"{each.right:6.1%}" if each.kind == "known" else ""
        print(
            f"{each.set:12} {each.kind:20} {each.questions:5} {auc} {each.answerable:11.1%}"
            f" {each.sent:7.1%} {right}",
            flush=True,
        )
    print(
        f"\n{'set':10} {'noise':6} {'way':8} {'n':>5} {'R@1':>6} {'R@5':>6} {'MRR10':>6} {'ms':>6}"
    )
    for line in found:
        print(
            f"{line.set:10} {line.noise:6} {line.way:8} {line.questions:5} {line.recall_1:6.3f}"
            f" {line.recall_5:6.3f} {line.mrr_10:6.3f} {line.ms:6.2f}",
            flush=True,
        )
    print(f"\n{time.monotonic() - started:.0f} s")


def _judged(folder: Path, questions: int, vectors: Vectors | None) -> list[limits.Judged]:
    return list(limits.judge(answerable.held_out(folder, questions, vectors)))


if __name__ == "__main__":
    main()
