"""What `ds.reclassify` takes for about a million visits in a pandas frame, with its estimate.

    python benchmarks/frames.py [ROUNDS]

The simulator's news site at 2.5 times its usual size: 1.7 million hits. Each round is a process of
its own, so that the peak of memory is the round's; it includes the frame that is handed in.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

from bench import ROUNDS, machine, median_of, table

SCALE = 2.5
SECONDS = 20  # for a million visits
GIGABYTES = 4


def reclassified() -> dict[str, float]:
    import darksocial as ds

    hits = ds.simulate("news", seed=0, scale=SCALE).hits.to_pandas()
    began = time.perf_counter()
    visits = len(ds.reclassify(hits).visits)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"hits": len(hits), "visits": visits, "seconds": seconds, "peak": peak}


def main(rounds: int) -> None:
    found = []
    for number in range(rounds):
        run = subprocess.run([sys.executable, __file__, "once"], capture_output=True, check=True)
        found.append(json.loads(run.stdout))
        print(f"round {number + 1} of {rounds}: {found[-1]['seconds']:.1f} s", flush=True)
    first = found[0]
    million = median_of(one["seconds"] * 1e6 / one["visits"] for one in found)
    peak = max(one["peak"] for one in found)
    rows = [
        ["seconds for a million visits, median", f"{million:.1f}", SECONDS],
        ["most memory, GB", f"{peak:.1f}", GIGABYTES],
    ]
    print(machine("chdb", "pandas", "pyarrow"))
    print(f"{first['hits']:,} hits, {first['visits']:,} visits, {rounds} rounds")
    print(table(["`ds.reclassify` of a pandas frame", "measured", "limit"], rows))


if __name__ == "__main__":
    if sys.argv[1:] == ["once"]:
        print(json.dumps(reclassified()))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else ROUNDS)
