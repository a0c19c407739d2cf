#!/usr/bin/env python3
"""Judge models of line roles on the labelled captures of the hosts that each has not seen.

    tools/judge_line_roles.py DATA MODELS

DATA is a folder with captures/ and its scorers; MODELS holds N.npz, learned without the hosts of fold N, for
some of 0 to 4. The captures of these folds are read, each by the model that does not know its host, and
scored together; then it is said how often the number of articles is right where the reading is sure.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # as it stands here, installed or not

from feeds.dates import date  # noqa: E402
from feeds.extract import extract  # noqa: E402
from feeds.extract.text import model  # noqa: E402
from feeds.model import Document, DocumentError  # noqa: E402
from feeds.show import article_row  # noqa: E402
from tools.make_line_data import fold_of  # noqa: E402

SURE = (0.5, 0.9, 0.95, 0.97, 0.98, 0.99)


def main(data: Path, models: Path) -> None:
    """Print the figures of the scorers, and of confidence."""
    table = (data / "captures" / "hosts.tsv").read_text(encoding="utf-8")
    hosts = dict(row.split("\t")[:2] for row in table.splitlines())
    with tempfile.TemporaryDirectory() as folder:
        made, judged = Path(folder) / "captures", Path(folder) / "judged"
        subprocess.run([sys.executable, data / "tagged.py", data / "captures", made], check=True)
        (judged / "text").mkdir(parents=True)
        rows, counts = [], []
        with (judged / "shown.jsonl").open("w") as shown:
            for row in (made / "gold.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n"):
                gold = json.loads(row)
                name = Path(gold["file"]).stem
                weights = models / f"{fold_of(hosts.get(name, name))}.npz"
                if weights.exists():
                    found = _read(made / gold["file"], weights)
                    shown.writelines(json.dumps(one) + "\n" for one in found)
                    rows.append(row)
                    sure = min((one["confidence"] or 0.0 for one in found), default=0.0)
                    counts.append((sure, len(found) == gold["n"]))
        (judged / "gold.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
        for scorer in ("score_articles.py", "score_extract.py"):
            gold_file = str(judged / "gold.jsonl")
            subprocess.run(
                [sys.executable, data / scorer, judged / "shown.jsonl", "--gold", gold_file], check=True
            )
    for least in SURE:
        some = [right for sure, right in counts if sure >= least]
        if some:
            share, right = len(some) / len(counts), sum(some) / len(some)
            print(f"sure by {least}: {share:.2f} of captures, right {right:.3f}")


def _read(path: Path, weights: Path) -> list[dict[str, object]]:
    known = model.load(weights)
    model.weights = lambda: known  # type: ignore[assignment]
    document = Document(str(path), "text/plain", path.read_text(encoding="utf-8"), None, "")
    try:
        found = extract(document).articles
    except DocumentError:
        return []
    return [article_row(document.source, raw, date(raw, None), ()) for raw in found]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
