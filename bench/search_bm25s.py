"""bm25s on the passages and questions of a folder that bench/search.ts wrote; prints one JSON line a backend.

    python search_bm25s.py FOLDER      (needs: pip install bm25s PyStemmer numba)
"""
import json
import resource
import sys
import time

import bm25s
import Stemmer

folder = sys.argv[1]
stemmer = Stemmer.Stemmer("english")


def lines(name):
    with open(f"{folder}/{name}", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


texts = [f"{passage['title']} {passage['text']}" for passage in lines("passages.jsonl")]
queries = lines("questions.jsonl")
warm = lines("warm.jsonl")

for backend in ("numpy", "numba"):
    start, cpu = time.perf_counter(), time.process_time()
    tokens = bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)
    index = bm25s.BM25(k1=1.2, b=0.75, backend=backend)
    index.index(tokens, show_progress=False)
    build, cpu = time.perf_counter() - start, time.process_time() - cpu
    del tokens

    def search(query):
        words = bm25s.tokenize(query, stopwords="en", stemmer=stemmer, show_progress=False)
        return index.retrieve(words, k=10, n_threads=1, show_progress=False)

    for query in warm:
        search(query)
    times, cpu_times = [], []
    for query in queries:
        start, cpu_start = time.perf_counter(), time.process_time()
        search(query)
        times.append(1000 * (time.perf_counter() - start))
        cpu_times.append(1000 * (time.process_time() - cpu_start))
    print(
        json.dumps(
            {
                "engine": f"bm25s {bm25s.__version__}, {backend}",
                "buildSeconds": build,
                "buildCpuSeconds": cpu,
                "times": times,
                "cpuTimes": cpu_times,
                "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
            }
        ),
        flush=True,
    )
