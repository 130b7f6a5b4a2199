"""Fits one model of implicit 0.7.3 on a table, makes each user's list of 20 and measures the lists; prints one line of JSON.

    implicit_peer.py als TRAIN.tsv TEST.tsv --settings '{"factors": 128, "regularization": 0.01, "alpha": 10}'
    implicit_peer.py item TRAIN.tsv - --search

Recall and NDCG are those that `twotower evaluate` prints: means over users with a test row, every test item relevant, the
user's training items left out, an ideal list of min(20, test rows) items. Without TEST (`-`) a tenth of the training rows is
held out instead; `--search` tries a grid there, prints every point and then the best.
"""
import argparse
import itertools
import json
import resource
import sys
import time

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender, ItemItemRecommender

LENGTH = 20
KINDS = {"als": AlternatingLeastSquares, "item": ItemItemRecommender, "cosine": CosineRecommender}
GRIDS = {
    "als": {"alpha": [3, 10, 30, 100], "regularization": [0.1, 1, 3, 10, 30], "iterations": [15]},
    "item": {"K": [20, 50, 100, 200, 500]},
    "cosine": {"K": [20, 50, 100, 200, 500]},
}


def read(train_path, test_path, seed):
    train = pd.read_csv(train_path, sep="\t", usecols=[0, 1], dtype=str if not numeric(train_path) else np.int64)
    if test_path != "-":
        test = pd.read_csv(test_path, sep="\t", usecols=[0, 1], dtype=train.dtypes.iloc[0])
    else:
        held = np.random.default_rng(seed).random(len(train)) < 0.1
        train, test = train[~held], train[held]
    codes = [pd.factorize(pd.concat([train.iloc[:, side], test.iloc[:, side]]), sort=True) for side in (0, 1)]
    shape = tuple(len(ids) for _, ids in codes)
    rows = [tuple(code[part] for code, _ in codes) for part in (slice(0, len(train)), slice(len(train), None))]
    return [csr_matrix((np.ones(len(u), np.float32), (u, i)), shape) for u, i in rows]


def numeric(path):
    with open(path) as file:
        next(file)
        return all(x.strip().isdigit() for x in next(file).split("\t")[:2])


def fit(kind, settings, train, threads):
    settings = dict(settings, num_threads=threads)
    if kind == "als":
        settings.setdefault("random_state", 1)
    model = KINDS[kind](**settings)
    started = time.perf_counter()
    model.fit(train, show_progress=False)
    return model, time.perf_counter() - started


def measure(model, train, test):
    """Recall and NDCG of the lists of all users with a test row."""
    users = np.flatnonzero(np.diff(test.indptr))
    lists, _ = model.recommend(users, train[users], N=LENGTH, filter_already_liked_items=True)
    owners = np.repeat(np.arange(test.shape[0]), np.diff(test.indptr))
    hits = np.isin(users[:, None] * test.shape[1] + lists, owners * test.shape[1] + test.indices)
    discounts = 1 / np.log2(np.arange(2, LENGTH + 2))
    ideal = np.concatenate([[0], np.cumsum(discounts)])
    counts = np.diff(test.indptr)[users]
    return {"recall": float((hits.sum(1) / counts).mean()),
            "ndcg": float(((hits * discounts).sum(1) / ideal[np.minimum(counts, LENGTH)]).mean())}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("kind", choices=KINDS)
    p.add_argument("train")
    p.add_argument("test")
    p.add_argument("--settings", type=json.loads, default={})
    p.add_argument("--search", action="store_true")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    started = time.perf_counter()
    train, test = read(args.train, args.test, args.seed)
    figures = {"read_seconds": time.perf_counter() - started}
    if args.search:
        grid = GRIDS[args.kind]
        best = None
        for point in itertools.product(*grid.values()):
            settings = args.settings | dict(zip(grid, point))
            model, seconds = fit(args.kind, settings, train, args.threads)
            found = {"settings": settings, "fit_seconds": round(seconds, 2)} | measure(model, train, test)
            print(json.dumps(found), flush=True)
            if best is None or found["ndcg"] > best["ndcg"]:
                best = found
        print(json.dumps({"best": best}))
        return
    model, figures["fit_seconds"] = fit(args.kind, args.settings, train, args.threads)
    started = time.perf_counter()
    figures |= measure(model, train, test)
    figures["evaluate_seconds"] = time.perf_counter() - started
    figures["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
