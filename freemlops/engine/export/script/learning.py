"""Pieces of the script that fit the members; they mirror `engine/families`."""

from __future__ import annotations

CONSTANT = '''
def fit_constant(settings, x, y, layout, seed):
    """Always the same answer: the mark that every other model must beat."""
    {body}
    return lambda x: np.tile(answer.astype(np.float64), (len(x), 1))
'''
CONSTANT_CLASSES = "answer = (np.bincount(y, minlength=len(CLASSES)) / len(y)).astype(np.float32)"
CONSTANT_VALUE = "answer = np.array([y.mean()], np.float32)"

LINEAR = '''
def fit_linear(settings, x, y, layout, seed):
    """{what} on scaled numbers and on a column for each code."""
    numbers = [i for i in range(layout["width"]) if i not in layout["codes"]]
    parts = []
    if numbers:
        median = SimpleImputer(strategy="median", keep_empty_features=True)
        parts.append(("numbers", make_pipeline(median, StandardScaler()), numbers))
    if layout["codes"]:
        fill = SimpleImputer(strategy="constant", fill_value=-2.0)  # missing is a code of its own
        one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype=np.float32)
        parts.append(("codes", make_pipeline(fill, one_hot), layout["codes"]))
    solver = {model}
    model = make_pipeline(ColumnTransformer(parts), solver)
    if len(x) > 50_000:  # more rows hardly move so few coefficients
        rows = np.random.default_rng(seed).permutation(len(x))[:50_000]
        x, y = x[rows], y[rows]
    model.fit(x.astype(np.float64), y)
    return lambda x: answers(model, x.astype(np.float64))
'''
LINEAR_MODELS = {
    True: (
        "Logistic regression",
        'LogisticRegression(C=settings["C"], max_iter=200, random_state=seed)',
    ),
    False: ("Ridge regression", 'Ridge(alpha=settings["alpha"], random_state=seed)'),
}

LIGHTGBM = '''
def fit_lightgbm(settings, x, y, layout, seed):
    """Boosted trees. "native" splits sets of codes, "ordered" splits them as numbers."""
    native = settings.pop("categories", "ordered") == "native"
    model = lgb.{kind}(
        **settings, n_jobs=THREADS, random_state=seed,
        deterministic=True, force_row_wise=True, verbose=-1,
    )
    model.fit(x, y, categorical_feature=[*layout["codes"], *layout["spare"]] if native else [])
    return lambda x: answers(model, x)
'''

XGBOOST_CLASSES = '''
def fit_xgboost(settings, x, y, layout, seed):
    """Boosted trees. XGBoost wants to see every class: one that is not there gets a row that
    weighs next to nothing."""
    weights = None
    lacking = np.setdiff1d(np.arange(len(CLASSES)), y)
    if len(lacking):
        weights = np.ones(len(y) + len(lacking), np.float32)
        weights[len(y) :] = 1e-6
        x, y = np.concatenate([x, np.repeat(x[:1], len(lacking), axis=0)]), np.append(y, lacking)
    model = xgb.XGBClassifier(**settings, n_jobs=THREADS, random_state=seed, verbosity=0)
    model.fit(x, y, sample_weight=weights)
    return lambda x: answers(model, x)
'''

XGBOOST_VALUES = '''
def fit_xgboost(settings, x, y, layout, seed):
    """Boosted trees for what is left of the mean, summed in double 50 trees at a time: in
    XGBoost's own float32 sum the small steps of the last trees are lost."""
    centre = float(np.mean(y))
    model = xgb.XGBRegressor(**settings, n_jobs=THREADS, random_state=seed, verbosity=0)
    model.set_params(base_score=0.0)
    model.fit(x, y - centre if centre else y)
    booster = model.get_booster()
    trees = booster.num_boosted_rounds()

    def predict(x):
        rows, total = xgb.DMatrix(x), np.full(len(x), centre)
        for first in range(0, trees, 50):
            total += booster.predict(rows, iteration_range=(first, min(first + 50, trees)))
        return total.reshape(-1, 1)

    return predict
'''

FOREST = '''
def fit_{family}(settings, x, y, layout, seed):
    """{what}; missing numbers are the median."""
    forest = {kind}(n_jobs=THREADS, random_state=seed, **settings)
    median = SimpleImputer(strategy="median", keep_empty_features=True)
    model = make_pipeline(median, forest)
    model.fit(x, y)
    return lambda x: answers(model, x)
'''

NEURAL = '''
def fit_neural(settings, x, y, layout, seed):
    """The mean of small networks that differ by where they began. Numbers are squashed by asinh,
    so that no outlier shouts; codes become one column for each level."""
    front = fit_front(x, layout["codes"])
    ready = front(x)
    epochs = settings["n_estimators"]
    nets = [grow(settings, ready, y, seed + turn, rounds) for turn, rounds in enumerate(epochs)]
{ending}

def fit_front(x, coded):
    numbers = np.setdiff1d(np.arange(x.shape[1]), coded).astype(np.intp)
    inner = x[:, numbers]
    hollow = np.isnan(inner).all(axis=0)
    safe = np.where(hollow, np.float32(0), inner)
    low, middle, high = np.nanpercentile(safe, [25, 50, 75], axis=0).astype(np.float32)
    spread = np.nanstd(safe.astype(np.float64), axis=0).astype(np.float32)
    scale = np.where(high > low, (high - low) / 1.35, spread)
    scale = np.where(np.isfinite(scale) & (scale > 1e-12), scale, 1).astype(np.float32)
    gaps = numbers[np.isnan(inner).any(axis=0) & ~hollow]  # a column tells where one is missing
    levels = [np.unique(x[:, place]) for place in coded]
    levels = [found[~np.isnan(found)].reshape(1, -1) for found in levels]

    def front(x):
        squashed = np.arcsinh((x[:, numbers] - middle) / scale)
        parts = [np.nan_to_num(squashed, nan=0.0), np.isnan(x[:, gaps])]
        parts += [x[:, [place]] == found for place, found in zip(coded, levels)]
        return np.concatenate([p.astype(np.float32) for p in parts], axis=1)

    return front


def grow(settings, x, y, seed, epochs):
    net = {kind}(
        hidden_layer_sizes=(int(settings["width"]),) * int(settings["layers"]),
        alpha=float(settings["alpha"]),
        learning_rate_init=float(settings["learning_rate"]),
        batch_size=int(min(len(x), max(32, min(256, len(x) // 40)))),
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(epochs):
            net.partial_fit(x, {fitted})
    layers = zip(net.coefs_, net.intercepts_)
    return [(weights.astype(np.float32), bias.astype(np.float32)) for weights, bias in layers]


def forward(layers, x):
    """The last layer's values, summed in double."""
    x = x.astype(np.float64)
    for place, (weights, bias) in enumerate(layers):
        x = x @ weights + bias
        if place < len(layers) - 1:
            x = np.maximum(x, 0)
    return x
'''
NEURAL_CLASSES = '''    seen = np.unique(y)

    def predict(x):
        ready = front(x)
        return widen(np.mean([chances(forward(net, ready)) for net in nets], axis=0), seen)

    return predict


def chances(raw):
    """One output is the log odds of the second class."""
    if raw.shape[1] == 1:
        raw = np.concatenate([np.zeros_like(raw), raw], axis=1)
    made = np.exp(raw - raw.max(axis=1, keepdims=True))
    return made / made.sum(axis=1, keepdims=True)
'''
NEURAL_VALUES = """    centre, spread = float(y.mean()), float(y.std()) or 1.0

    def predict(x):
        raw = np.mean([forward(net, front(x))[:, 0] for net in nets], axis=0)
        return (raw * spread + centre).reshape(-1, 1)

    return predict
"""

ANSWERS_CLASSES = '''
def answers(model, x):
    """Probabilities, one column for each of CLASSES."""
    return widen(np.asarray(model.predict_proba(x), np.float64), model.classes_)


def widen(made, seen):
    """A class that the model has not seen has no chance."""
    if made.shape[1] == len(CLASSES):
        return made
    wide = np.zeros((len(made), len(CLASSES)))
    wide[:, np.asarray(seen, np.intp)] = made
    return wide
'''
ANSWERS_VALUES = """
def answers(model, x):
    return np.asarray(model.predict(x), np.float64).reshape(-1, 1)
"""

COLUMNS_FOR = '''
def columns_for(settings, layout):
    """A text of many levels is there as means of the goal and as bare codes: models that split
    sets of codes read those, all others the means."""
    if not layout["spare"]:
        return None, layout
    native = settings.get("categories") == "native"
    dropped = layout["means"] if native else layout["spare"]
    places = np.setdiff1d(np.arange(layout["width"]), dropped)
    place = {int(p): i for i, p in enumerate(places)}
    spare = [place[c] for c in layout["spare"]] if native else []
    coded = [place[c] for c in layout["codes"]]
    return places, {"codes": coded, "spare": spare, "means": [], "width": len(places)}
'''

FIT = '''
def fit(member, x, y, layout):
    """One member of the model, trained: a function from the matrix to its answers."""
    settings = dict(member["params"])
{logs}{columns}    predict = FITS[member["family"]](settings, x, y, layout, member["seed"])
{picks}{raises}    return predict
'''
FIT_COLUMNS = """    places, layout = columns_for(settings, layout)
    x = x if places is None else x[:, places]
"""
FIT_PICKS = """    if places is not None:
        inner = predict
        predict = lambda x: inner(x[:, places])  # noqa: E731
"""
FIT_LOGS = """    logged = settings.pop("log_target", False)  # few large values tower
    if logged:
        low, high = np.log1p(np.array([y.min(), y.max()], np.float64)) + [-0.5, 0.5]
        y = np.log1p(y)
"""
FIT_RAISES = """    if logged:
        of_logs = predict
        predict = lambda x: np.expm1(np.clip(of_logs(x), low, high))  # noqa: E731
"""

TRAIN = '''
def train(members, cells, y):
    """All members on the same rows: a function from cells to answers."""
    matrix, x, layout = prepare(cells, y)
    fitted = [(m["weight"], fit(m, x, y, layout)) for m in members]

    def predict(cells):
        x = matrix(cells)
        made = np.sum([weight * model(x) for weight, model in fitted], axis=0)
{temper}        return made

    return predict
'''
TEMPER = """        made = np.clip(made, 1e-7, 1.0) ** (1.0 / TEMPERATURE)  # bolder or shyer
        made = made / made.sum(axis=1, keepdims=True)
"""
