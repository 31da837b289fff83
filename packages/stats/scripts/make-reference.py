"""Reference values of every statistic, by SciPy and statsmodels: python make-reference.py > ../fixtures/reference.json"""
import json, math, sys
import numpy, scipy, statsmodels
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_confint, proportion_effectsize

draw = numpy.random.default_rng(20261128)
cases = []


def case(name, given, expected, tolerance=1e-9):
    cases.append({"statistic": name, "given": given, "expected": expected, "tolerance": tolerance})


def floats(values):
    return [float(value) for value in values]


for n, successes in [(10, 0), (10, 10), (10, 7), (1, 1), (25, 3), (300, 299), (1319, 850), (7405, 3)]:
    for level in [0.9, 0.95, 0.99]:
        for name, method in [("wilsonInterval", "wilson"), ("clopperPearsonInterval", "beta")]:
            low, high = proportion_confint(successes, n, alpha=1 - level, method=method)
            case(name, [successes, n, level], floats([low, high]))

for degrees in [1, 2, 2.5, 9, 30, 299, 1e5]:
    for p in [1e-6, 0.005, 0.025, 0.3, 0.5, 0.75, 0.8, 0.975, 0.9999]:
        case("studentQuantile", [p, degrees], float(stats.t.ppf(p, degrees)))
    for t in [-40, -3, -0.1, 0, 0.7, 2, 12]:
        case("studentDistribution", [t, degrees], float(stats.t.cdf(t, degrees)))
        case("studentTwoSided", [t, degrees], float(2 * stats.t.sf(abs(t), degrees)))
for z in [-8, -3, -1, 0, 0.5, 1.96, 5]:
    case("normalDistribution", [z], float(stats.norm.cdf(z)))
for p in [1e-9, 0.025, 0.4, 0.5, 0.975, 0.9999999]:
    case("normalQuantile", [p], float(stats.norm.ppf(p)))

for n in [2, 5, 30, 300]:
    values = floats(draw.random(n))
    result = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    error = float(stats.sem(values))
    case("meanInterval", [values], {"value": float(numpy.mean(values)), "standardError": error, "n": n, "ci": floats(result)})
    others = floats(numpy.clip(numpy.array(values) + draw.normal(0.05, 0.2, n), 0, 1))
    paired = stats.ttest_rel(others, values)
    case(
        "pairedMeanInterval",
        [values, others],
        {
            "value": float(numpy.mean(others) - numpy.mean(values)),
            "ci": floats(paired.confidence_interval(0.95)),
            "p": float(paired.pvalue),
        },
    )
    differences = numpy.array(others) - numpy.array(values)
    case("cohenDz", [values, others], float(differences.mean() / differences.std(ddof=1)))

for clusters, size in [(5, 3), (25, 8), (40, 1), (300, 2)]:
    rates = draw.beta(1, 1, clusters)
    values, names = [], []
    for cluster, rate in enumerate(rates):
        for _ in range(size if cluster % 3 else size + 1):
            values.append(float(draw.random() < rate))
            names.append(cluster)
    fit = sm.OLS(values, numpy.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": numpy.array(names), "use_correction": False}, use_t=True
    )
    error = float(fit.bse[0]) * math.sqrt(clusters / (clusters - 1))
    reach = float(stats.t.ppf(0.975, clusters - 1)) * error
    centre = float(fit.params[0])
    case(
        "clusteredMeanInterval",
        [values, names],
        {"value": centre, "standardError": error, "n": clusters, "ci": [centre - reach, centre + reach]},
    )

import pandas
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm


def mean_squares(table):
    """Of seeds, of questions, and of what neither says."""
    seeds, questions = table.shape
    frame = pandas.DataFrame(
        [{"y": table[s, q], "seed": s, "question": q} for s in range(seeds) for q in range(questions)]
    )
    fit = anova_lm(ols("y ~ C(seed) + C(question)", frame).fit(), typ=2)
    squares = fit["sum_sq"] / fit["df"]
    return squares["C(seed)"], squares["C(question)"], squares["Residual"]


for seeds, questions in [(3, 2), (3, 20), (5, 60), (10, 8)]:
    table = draw.random((seeds, 1)) * 0.3 + draw.random((1, questions)) + draw.random((seeds, questions)) * 0.5
    a, b, rest = mean_squares(table)
    added = max(0, a - stats.f.median(seeds - 1, (seeds - 1) * (questions - 1)) * rest)
    error = math.sqrt((added + b) / (seeds * questions))
    reach = math.sqrt(
        (stats.t.ppf(0.975, seeds - 1) ** 2 * added + stats.t.ppf(0.975, questions - 1) ** 2 * b) / (seeds * questions)
    )
    centre = float(table.mean())
    case(
        "twoWayMeanInterval",
        [table.tolist()],
        {"value": centre, "standardError": error, "ci": [centre - reach, centre + reach]},
    )

apart = numpy.random.default_rng(20261129)
for seeds, sets in [(3, [(20, 1), (8, 1)]), (5, [(30, 2), (30, 1), (4, 1)]), (4, [(12, 3)]), (3, [(2, 1), (3, 1)])]:
    own = apart.random((seeds, 1)) * 0.3
    tables = [
        own + apart.random((seeds, 1)) * 0.2 + apart.random((1, size)) + apart.random((seeds, size)) * 0.5 for size, _ in sets
    ]
    shares = numpy.array([weight for _, weight in sets]) / sum(weight for _, weight in sets)
    by_seed = sum(share * table.mean(axis=1) for share, table in zip(shares, tables))
    parts = [
        (share**2 / (seeds * table.shape[1]), *mean_squares(table)[1:], stats.t.ppf(0.975, table.shape[1] - 1))
        for share, table in zip(shares, tables)
    ]
    degrees = (seeds - 1) * sum(table.shape[1] - 1 for table in tables)
    rest_of_all = sum(weight * rest for weight, _, rest, _ in parts)
    added = max(0, by_seed.var(ddof=1) / seeds - stats.f.median(seeds - 1, degrees) * rest_of_all)
    error = math.sqrt(added + sum(weight * b for weight, b, _, _ in parts))
    reach = math.sqrt(stats.t.ppf(0.975, seeds - 1) ** 2 * added + sum(t**2 * weight * b for weight, b, _, t in parts))
    centre = float(by_seed.mean())
    case(
        "stratifiedTwoWayInterval",
        [[{"values": table.tolist(), "weight": weight} for table, (_, weight) in zip(tables, sets)]],
        {"value": centre, "standardError": error, "n": seeds, "ci": [centre - reach, centre + reach]},
    )

for p, above, below in [(0.5, 2, 198), (0.5, 4, 1196), (0.025, 3, 7), (0.975, 1, 5), (0.5, 2, 2)]:
    case("fisherQuantile", [p, above, below], float(stats.f.ppf(p, above, below)))

for b, c in [(0, 0), (1, 0), (3, 3), (5, 12), (0, 9), (40, 61), (500, 420)]:
    exact = 1.0 if b + c == 0 else float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)
    case("mcnemarExact", [b, c], exact)
    mid = 1.0 if b + c == 0 else min(1.0, float(2 * stats.binom.cdf(min(b, c), b + c, 0.5) - stats.binom.pmf(min(b, c), b + c, 0.5)))
    if b == c and b > 0:
        mid = 1 - float(stats.binom.pmf(b, b + c, 0.5)) / 2
    case("mcnemarMidP", [b, c], mid)

for n in [3, 8, 14]:
    a, b = floats(draw.random(n)), floats(draw.random(n) + 0.2)
    found = stats.permutation_test(
        (b, a), lambda x, y, axis: numpy.mean(x - y, axis=axis), permutation_type="samples", n_resamples=numpy.inf, vectorized=True
    )
    case("pairedPermutation", [a, b], float(found.pvalue))
a, b = floats(draw.random(120)), None
b = floats(numpy.array(a) + draw.normal(0.03, 0.2, 120))
found = stats.permutation_test(
    (b, a), lambda x, y, axis: numpy.mean(x - y, axis=axis), permutation_type="samples", n_resamples=200_000, vectorized=True,
    batch=2000, rng=numpy.random.default_rng(1),
)
case("pairedPermutation", [a, b, {"resamples": 50_000}], float(found.pvalue), 0.008)
values = floats(draw.exponential(1, 60))
found = stats.bootstrap((values,), numpy.mean, method="BCa", n_resamples=200_000, batch=2000, rng=numpy.random.default_rng(2))
case("bcaInterval", [values, {"resamples": 50_000}], {"ci": floats(found.confidence_interval)}, 0.015)
binary = floats(draw.random(80) < 0.1)
found = stats.bootstrap((binary,), numpy.mean, method="BCa", n_resamples=200_000, batch=2000, rng=numpy.random.default_rng(3))
case("bcaInterval", [binary, {"resamples": 50_000}], {"ci": floats(found.confidence_interval)}, 0.0126)

for p in [[0.01], [0.04, 0.01, 0.03, 0.005], floats(draw.random(20) ** 2), [0.02, 0.02, 1.0, 0.0]]:
    case("holm", [p], floats(multipletests(p, method="holm")[1]))
    case("benjaminiHochberg", [p], floats(multipletests(p, method="fdr_bh")[1]))

for a, b in [(0.1, 0.3), (0.5, 0.5), (0.0, 1.0), (0.93, 0.9)]:
    case("cohenH", [a, b], float(proportion_effectsize(b, a)))
for n, deviation, alpha, power in [(300, 0.5, 0.05, 0.8), (40, 0.61, 0.01, 0.9), (1319, 0.4, 0.05, 0.95)]:
    # The chance on the far side, which statsmodels' solver adds, is left out by both.
    effect = (stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)) / math.sqrt(n)
    case("minimumDetectableEffect", [n, deviation, {"alpha": alpha, "power": power}], float(effect) * deviation)
    needed = NormalIndPower().solve_power(effect_size=0.05 / deviation, alpha=alpha, power=power, ratio=0)
    case("itemsNeeded", [0.05, deviation, {"alpha": alpha, "power": power}], math.ceil(float(needed)))


def choose(n, k):
    return math.comb(n, k)


for n, right, k in [(8, 3, 1), (8, 3, 4), (8, 8, 8), (8, 0, 5), (200, 11, 100), (25, 24, 3)]:
    case("passAtK", [n, right, k], 1 - choose(n - right, k) / choose(n, k))
    case("passHatK", [n, right, k], choose(right, k) / choose(n, k))
from itertools import combinations
from collections import Counter

for counts, rights, k in [([4, 3, 1], [0], 3), ([2, 2, 2, 2], [1, 2], 5), ([1, 1, 1, 1], [3], 2), ([5, 3], [1], 7), ([6, 2, 2], [1, 2], 4)]:
    samples = [answer for answer, count in enumerate(counts) for _ in range(count)]
    wins = 0.0
    for drawn in combinations(samples, k):
        votes = Counter(drawn)
        most = max(votes.values())
        first = [answer for answer, count in votes.items() if count == most]
        wins += sum(answer in rights for answer in first) / len(first)
    answers = [{"count": count, "right": answer in rights} for answer, count in enumerate(counts)]
    case("majorityAtK", [answers, k], wins / choose(len(samples), k))

for shape in [(1, 5), (3, 5), (6, 10), (2, 3)]:
    a = draw.random(shape)
    b = numpy.round(a + draw.normal(0.05, 0.3, shape), 1)
    a = numpy.round(a, 1)
    case("interquartileMean", [a.tolist()], float(stats.trim_mean(a, 0.25, axis=None)))
    better = [stats.mannwhitneyu(b[task], a[task]).statistic / shape[1] ** 2 for task in range(shape[0])]
    case("probabilityOfImprovement", [a.tolist(), b.tolist()], float(numpy.mean(better)))

for table in [[[20, 5], [10, 15]], [[88, 14, 18], [10, 40, 10], [2, 6, 12]], [[45, 15], [25, 15]]]:
    found = cohens_kappa(table)
    pairs = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    case(
        "kappaInterval",
        [[i for i, _ in pairs], [j for _, j in pairs]],
        {"value": float(found.kappa), "standardError": float(found.std_kappa), "ci": floats([found.kappa_low, found.kappa_upp])},
    )



def likeliest(b, c, n, difference):
    """Of the trinomial with b, c and the rest, where b is likelier than c by this difference: the share of c, by the slope of the likelihood."""
    least, span = max(0.0, -difference), (1 - abs(difference)) / 2

    def slope(t):
        rest = (n - b - c) / (span - t) if n > b + c else 0.0
        return (b / (t + max(0.0, difference)) if b else 0.0) + (c / (t + least) if c else 0.0) - rest

    near, far = span * 1e-15, span * (1 - 1e-15)
    if slope(near) <= 0:
        return least
    return least + (span if slope(far) >= 0 else optimize.brentq(slope, near, far, xtol=1e-17, rtol=8.9e-16))


def tango(b, c, n, level):
    z = stats.norm.ppf(1 - (1 - level) / 2)

    def beyond(difference):
        q = likeliest(b, c, n, difference)
        return (b - c - n * difference) ** 2 - z**2 * n * (2 * q + difference * (1 - difference))

    seen = (b - c) / n
    low = -1.0 if seen == -1 else optimize.brentq(beyond, -1 + 1e-13, min(seen, 1 - 1e-9), xtol=1e-15)
    high = 1.0 if seen == 1 else optimize.brentq(beyond, max(seen, -1 + 1e-9), 1 - 1e-13, xtol=1e-15)
    return floats([low, high])


for b, c, n in [(1, 0, 30), (0, 1, 30), (0, 9, 300), (5, 4, 300), (3, 3, 40), (2, 1, 7), (4, 0, 4), (9, 2, 44), (43, 20, 300), (1, 6, 1319)]:
    for level in [0.9, 0.95, 0.99]:
        case("tangoInterval", [b, c, n, level], tango(b, c, n, level))

made = {"python": sys.version.split()[0], "numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
json.dump({"made": made, "cases": cases}, sys.stdout)
