"""Reference values of the statistics, by independent implementations.

    python3 golden.py > golden.json      (Python 3, NumPy, SciPy 1.17.1; Rscript of R 4.2.2 for Holm)

Wilcoxon: scipy.stats.wilcoxon with its defaults. Holm: R's p.adjust. Davidson: scipy.optimize.minimize on the
log-likelihood, written as a log-linear model. Krippendorff: the coincidence matrix of Krippendorff (2011), filled
value by value. Bootstrap: scipy.stats.bootstrap by percentiles, and numpy.percentile of given replicates.
"""

import itertools
import json
import math
import subprocess

import numpy as np
import scipy
from scipy import optimize, stats

golden = {"scipy": scipy.__version__}

# Wilcoxon: without ties; with ties and zeros, few and many.
samples = {
    "plain": [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30, -0.7, -1.2, 0.3],
    "ties_and_zeros_few": [1, 0, 2, -1, 2, 0, 3, 1, -2, 2, 1],
    "ties_and_zeros_many": [1, 0, 2, -1, 2, 0, 3, 1, -2, 2, 1, 0, 0, -1, 4, -3, 1, 1, 2, -1, 0, 1, 2, 1, -4],
    "large": [round(math.sin(7.1 * i) + 0.3 * math.cos(i * i), 6) for i in range(1, 81)],
    "one": [2.0],
}
golden["wilcoxon"] = {}
for name, sample in samples.items():
    result = stats.wilcoxon(sample)
    golden["wilcoxon"][name] = {
        "differences": sample, "statistic": float(result.statistic), "p": float(result.pvalue)}

p = [0.01, 0.04, 0.03, 0.005, 0.6, 0.03, 0.9]
holm = subprocess.run(
    ["Rscript", "-e", "cat(sprintf('%.17g', p.adjust(c(" + ",".join(map(str, p)) + "), 'holm')))"],
    check=True, capture_output=True, text=True).stdout
golden["holm"] = {"p": p, "corrected": [float(each) for each in holm.split()]}

# Davidson: wins of the first, losses, ties. exp of (s_a - s_b)/2, (s_b - s_a)/2, t; normal prior of variance 100.
tables = [(0, 1, 6, 3, 3), (1, 2, 4, 4, 2), (0, 2, 5, 1, 4), (2, 3, 7, 2, 0), (0, 3, 3, 1, 2)]


def objective(at):
    strengths, tie = at[:4], at[4]
    sum_ = -np.sum(at ** 2) / 200
    for a, b, wins, losses, ties in tables:
        logits = np.array([(strengths[a] - strengths[b]) / 2, (strengths[b] - strengths[a]) / 2, tie])
        sum_ += np.dot([wins, losses, ties], logits - np.logaddexp.reduce(logits))
    return -sum_


best = optimize.minimize(objective, np.zeros(5), method="BFGS", options={"gtol": 1e-9})
strengths = best.x[:4] - best.x[:4].mean()
golden["davidson"] = {"tables": tables, "strengths": strengths.tolist(), "tie": float(best.x[4])}


def alpha(raters, distance):
    """raters: rows of values, None where missing."""
    values = sorted({v for row in raters for v in row if v is not None})
    coincidences = np.zeros((len(values), len(values)))
    for unit in zip(*raters):
        given = [v for v in unit if v is not None]
        for one, other in itertools.permutations(range(len(given)), 2):
            coincidences[values.index(given[one]), values.index(given[other])] += 1 / (len(given) - 1)
    margins = coincidences.sum(axis=1)
    n = margins.sum()
    delta = np.array([[distance(a, b) for b in values] for a in values])
    return 1 - (n - 1) * (coincidences * delta).sum() / (np.outer(margins, margins) * delta).sum()


N = None
# The data of Krippendorff (2011), section C: four observers, twelve units; he gives 0.743 and 0.849.
raters = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
golden["krippendorff"] = {
    "raters": raters,
    "nominal": alpha(raters, lambda a, b: float(a != b)),
    "interval": alpha(raters, lambda a, b: float((a - b) ** 2)),
}

replicates = [round(math.sin(3.7 * i), 6) for i in range(37)]
sample = [round(2 + math.sin(1.3 * i) + (i % 7 == 0) * 1.5, 4) for i in range(30)]
interval = stats.bootstrap(
    (sample,), np.mean, n_resamples=100_000, method="percentile", rng=np.random.default_rng(1)).confidence_interval
golden["bootstrap"] = {
    "replicates": replicates,
    "percentiles": np.percentile(replicates, [2.5, 97.5]).tolist(),
    "sample": sample,
    "mean_interval": [float(interval.low), float(interval.high)],
}
print(json.dumps(golden, indent=1))
