"""Compares other methods with ours on the same series of real loads, in one run: ratios of time and of score.

Prophet, and the predecessor's model sampled by PyMC's NUTS, forecast a sample of the series that `gridspark`, `spark`
and the seasonal naive are evaluated on: same training windows, same hold-outs, same scores. Everything runs on one
core, one series after the other. `gridspark` learns from the whole data set, as in production; that time is reported
separately from the time per series.
"""

import argparse
import json
import logging
import pathlib
import re
import subprocess
import sys
import time
import tomllib
import warnings

import numpy as np
import pandas as pd

LEVELS = np.array([0.05, 0.15, 0.5, 0.85, 0.95])
YEAR_DAYS = 365.2425
HORIZON_WEEKS = 26
ROOT = pathlib.Path(__file__).resolve().parents[3]


def main():
    options = arguments()
    plan = tomllib.loads(options.plan.read_text())["data_set"]
    ours = our_scores(options)
    chosen = sample(ours, options.series)
    print(f"{len(chosen)} series at their latest origins, one core\n", flush=True)
    warm_up(options)
    rows = [score for key, scores in chosen.items() for score in scores]
    for place, key in enumerate(chosen, 1):
        name, box, extreme, last_week = key
        data = next(data for data in plan if data["name"] == name)
        train, hold_out = window(data, options.plan.parent, box, extreme, last_week)
        scale = np.ptp(train.to_numpy())
        for method, forecast in (("prophet", prophet), ("nuts", nuts)):
            if method in options.skip:
                continue
            begun = time.perf_counter()
            levels = forecast(train, hold_out.index, options)
            seconds = time.perf_counter() - begun
            rows.append({"set": name, "model": method, "seconds": seconds, **judged(levels, hold_out.to_numpy(), scale)})
        print(f"{place} of {len(chosen)}: {name}, {box}, {extreme}", file=sys.stderr, flush=True)
    print(table(pd.DataFrame(rows)))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plan", type=pathlib.Path, default=ROOT / "crates/backtest/plans/real_loads.toml")
    parser.add_argument("--series", type=int, default=4, help="series of each data set (4)")
    parser.add_argument("--draws", type=int, default=1000, help="draws of each of two chains after as many to tune (1000)")
    parser.add_argument("--skip", nargs="*", default=[], choices=["prophet", "nuts"])
    return parser.parse_args()


def warm_up(options):
    """Loads the libraries in advance, so that the first series is not charged for it."""
    if "prophet" not in options.skip:
        import prophet  # noqa: F401
    if "nuts" not in options.skip:
        import pymc  # noqa: F401
    for name in ("cmdstanpy", "prophet", "pymc", "pytensor"):
        logging.getLogger(name).disabled = True


def our_scores(options):
    """Our scores of every series at every origin, from a single-threaded run."""
    target = ROOT / "target" / "peers-series.json"
    target.parent.mkdir(exist_ok=True)
    command = ["cargo", "run", "--quiet", "--release", "--package", "backtest", "--example", "shared_data", "--"]
    command += ["--plan", str(options.plan), "--threads", "1", "--report", str(target)]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in re.findall(r"^.*of learning$", told, flags=re.MULTILINE):
        print(line)
    return json.loads(target.read_text())["each_series"]


def sample(ours, series):
    """A sample of each data set's series at their latest origin, evenly spread over boxes, minima and maxima."""
    by_key = {}
    for score in ours:
        key = (score["set"], score["box_id"], score["extreme"], score["last_week"])
        by_key.setdefault(key, []).append(score)
    chosen = {}
    for name in dict.fromkeys(key[0] for key in by_key):
        latest = max(key[3] for key in by_key if key[0] == name)
        keys = sorted(key for key in by_key if key[0] == name and key[3] == latest)
        # An odd step alternates between minima and maxima.
        step = max(len(keys) // series, 1)
        step -= 1 - step % 2 if step > 1 else 0
        for key in keys[step // 2 :: step][:series]:
            chosen[key] = by_key[key]
    return chosen


def window(data, folder, box, extreme, last_week):
    """Training values and hold-out, by Monday."""
    weeks = pd.read_parquet(folder / data["extremes"], columns=["boxid", "date", extreme])
    values = weeks[weeks.boxid == box].set_index("date")[extreme].sort_index()
    last = pd.Timestamp(last_week)
    first_hold_out = last - pd.Timedelta(weeks=HORIZON_WEEKS - 1)
    train = values[values.index < first_hold_out]
    if "training_weeks" in data:
        train = train[train.index >= first_hold_out - pd.Timedelta(weeks=data["training_weeks"])]
    return train, values[(values.index >= first_hold_out) & (values.index <= last)]


def judged(levels, observed, scale):
    error = observed[:, None] - levels
    within = lambda low, high: float(np.mean((levels[:, low] <= observed) & (observed <= levels[:, high])))
    pinball = float(np.mean(np.maximum(LEVELS * error, (LEVELS - 1) * error)) / scale)
    return {"pinball": pinball, "coverage_90": within(0, 4), "coverage_70": within(1, 3)}


def prophet(train, future, _options):
    """Prophet with its defaults, a yearly season, and more draws than by default for reliable tails."""
    from prophet import Prophet

    model = Prophet(yearly_seasonality=True, weekly_seasonality=False, daily_seasonality=False, uncertainty_samples=1000)
    model.fit(pd.DataFrame({"ds": train.index, "y": train.to_numpy()}))
    draws = model.predictive_samples(pd.DataFrame({"ds": future}))["yhat"]
    return np.quantile(draws, LEVELS, axis=1).T


def nuts(train, future, options):
    """The predecessor's model: quadratic drift, five harmonics, independent noise; sampled."""
    import pymc as pm

    first, last = train.index[0], train.index[-1] + pd.Timedelta(weeks=HORIZON_WEEKS + 1)
    span = (last - first).days

    def design(dates):
        days = np.asarray((dates - first).days, dtype=float)
        angle = 2 * np.pi * np.outer(days, np.arange(1, 6)) / YEAR_DAYS
        share = days / span
        return np.column_stack([np.ones_like(share), share, share**2, np.cos(angle), np.sin(angle)])

    low, scale = train.min(), np.ptp(train.to_numpy())
    deviations = np.array([0.5] * 3 + [1.0] * 10)
    with pm.Model():
        coefficients = pm.Normal("coefficients", 0, deviations, shape=13)
        sigma = pm.Uniform("sigma", 0, 1)
        mean = pm.math.dot(design(train.index), coefficients)
        pm.Normal("observed", mean, sigma, observed=(train.to_numpy() - low) / scale)
        trace = pm.sample(options.draws, tune=options.draws, chains=2, cores=1, progressbar=False, random_seed=1)
    drawn = trace.posterior["coefficients"].to_numpy().reshape(-1, 13)
    noise = trace.posterior["sigma"].to_numpy().reshape(-1)
    random = np.random.default_rng(1)
    draws = drawn @ design(future).T + noise[:, None] * random.standard_normal((len(noise), len(future)))
    return np.quantile(draws, LEVELS, axis=0).T * scale + low


def table(scores):
    """Means over the sampled series, and each method's time and loss relative to gridspark."""
    means = scores.groupby("model", sort=False)[["pinball", "coverage_90", "coverage_70", "seconds"]].mean()
    means["series"] = scores.groupby("model").size()
    ours = means.loc["gridspark"]
    means["time_ratio"] = means.seconds / ours.seconds
    means["loss_ratio"] = means.pinball / ours.pinball
    lines = ["method          series  pinball    c90    c70  seconds a series  time over gridspark  loss over gridspark"]
    for model, row in means.iterrows():
        lines.append(
            f"{model:<15} {row.series:>6.0f}  {row.pinball:.4f}  {row.coverage_90:.3f}  {row.coverage_70:.3f}"
            f"  {row.seconds:>16.5f}  {row.time_ratio:>19.3g}  {row.loss_ratio:>19.3f}"
        )
    by_set = scores.pivot_table("pinball", "model", "set", sort=False)
    return "\n".join(lines) + "\n\npinball by data set\n" + by_set.round(4).to_string()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
