"""The peers of `bench/themes.py`, run by a Python that has scikit-learn: sentences in as JSON on standard
input, for each peer the group of each sentence and the seconds it took out."""

import json
import sys
import time

from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer

asked = json.load(sys.stdin)
TOPICS = asked["topics"]


def vectors():
    return TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(
        asked["sentences"]
    )


PEERS = {
    "TfidfVectorizer, AgglomerativeClustering (average, cosine)": lambda: AgglomerativeClustering(
        n_clusters=TOPICS, metric="cosine", linkage="average"
    ).fit_predict(vectors().toarray()),
    "TfidfVectorizer, AgglomerativeClustering (Ward)": lambda: AgglomerativeClustering(
        n_clusters=TOPICS
    ).fit_predict(vectors().toarray()),
    "TfidfVectorizer, KMeans": lambda: KMeans(
        n_clusters=TOPICS, n_init=10, random_state=0
    ).fit_predict(vectors()),
    "TfidfVectorizer, NMF": lambda: (
        NMF(n_components=TOPICS, random_state=0, max_iter=500)
        .fit_transform(vectors())
        .argmax(axis=1)
    ),
}
answers = {}
for name, run in PEERS.items():
    run()  # once without the clock: what is loaded on first use is not counted
    began = time.perf_counter()
    found = run()
    answers[name] = {
        "groups": [int(one) for one in found],
        "seconds": time.perf_counter() - began,
    }
json.dump(answers, sys.stdout)
