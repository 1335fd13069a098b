"""Pieces of the script that cut the rows and make the matrix; they mirror `engine/cut` and
`engine/preprocess`."""

from __future__ import annotations

DEAL = '''
def deal(strata, hands, random):
    """Give each row one of `hands` numbers, so that every stratum is shared out evenly."""
    order = random.permutation(len(strata))
    order = order[np.argsort(strata[order], kind="stable")]
    dealt = np.empty(len(strata), np.intp)
    dealt[order] = np.arange(len(strata)) % hands
    return dealt
'''

SPLIT_RANDOM_CLASSES = '''
def split(cells, y):
    """Rows to learn from, and the holdout: a fifth of each class, drawn with the run's seed."""
    random = np.random.default_rng(SEED)
    hands = round(1 / HOLDOUT_SHARE)
    held = deal(y, hands, random) == hands - 1
    held &= np.bincount(y)[y] > 1  # the only row of a class is for learning
    return np.flatnonzero(~held), np.flatnonzero(held)
'''

SPLIT_RANDOM_VALUES = '''
def split(cells, y):
    """Rows to learn from, and the holdout: a fifth of the low, middle and high values each."""
    random = np.random.default_rng(SEED)
    hands = round(1 / HOLDOUT_SHARE)
    bins = max(1, min(10, len(y) // 20))
    ranks = np.argsort(np.argsort(y, kind="stable"), kind="stable")
    strata = ranks * bins // len(y)
    held = deal(strata, hands, random) == hands - 1
    held &= np.bincount(strata)[strata] > 1
    return np.flatnonzero(~held), np.flatnonzero(held)
'''

SPLIT_TIME = '''
def split(cells, y):
    """Rows to learn from, and the holdout: the last fifth in time."""
    by = values(cells, SPLIT_COLUMN).astype(np.float64)
    order = np.argsort(np.nan_to_num(by, nan=-np.inf), kind="stable")
    return np.split(order, [len(y) - max(1, round(len(y) * HOLDOUT_SHARE))])
'''

SPLIT_GROUP = '''
def split(cells, y):
    """Rows to learn from, and the holdout: whole groups, so that nobody is in both."""
    by = values(cells, SPLIT_COLUMN)
    by = codes(by)[0].astype(np.float64) if by.dtype == object else by.astype(np.float64)
    _, group = np.unique(by, return_inverse=True)
    groups = int(group.max()) + 1
    hands = min(round(1 / HOLDOUT_SHARE), groups)
    random = np.random.default_rng(SEED)
    sizes = np.bincount(group, minlength=groups)
    order = random.permutation(groups)
    order = order[np.argsort(-sizes[order], kind="stable")]
    load, given = np.zeros(hands), np.empty(groups, np.intp)
    for name in order:  # the largest first, each to the hand with the fewest rows
        given[name] = int(np.argmin(load))
        load[given[name]] += sizes[name]
    held = given[group] == 0
    return np.flatnonzero(~held), np.flatnonzero(held)
'''

CODES = '''
def codes(texts):
    """Each text as its place in the sorted list of texts (-1 is missing), and that list."""
    levels = sorted(set(texts) - {""})
    place = {level: i for i, level in enumerate(levels)}
    return np.array([place.get(t, -1) for t in texts], np.int32), levels
'''

MEANS = '''
def means(coded, levels, goal):
    """The mean of the goal for each level, drawn towards the overall mean by 10 rows of it:
    a level seen twice says little (Micci-Barreca 2001). The last line is the overall mean."""
    there = coded >= 0
    prior = goal.mean(axis=0)
    counts = np.bincount(coded[there], minlength=levels).astype(np.float64)
    sums = np.column_stack(
        [np.bincount(coded[there], goal[there, k], minlength=levels) for k in range(goal.shape[1])]
    )
    return np.vstack([(sums + 10.0 * prior) / (counts + 10.0)[:, None], prior])
'''

LEVELS = '''
def learn_levels(texts, goal, encoding):
    """What number each text becomes; texts seen once count as never seen.

    "code": texts are numbered in the order of their mean of the goal, 0 for any other.
    "mean": too many texts for that, so each becomes its mean (and a number too, up to 250).
    """
    coded, levels = codes(texts)
    counts = np.bincount(coded[coded >= 0], minlength=len(levels))
    kept = np.flatnonzero(counts >= 2)
    kept = kept[np.argsort(-counts[kept], kind="stable")][:5000]
    by_level = means(coded, len(levels), goal)
    if encoding == "code":
        order = kept[np.argsort(by_level[kept, 0], kind="stable")]
        return {levels[c]: (float(i),) for i, c in enumerate(order, 1)}, (0.0,)
    prior = tuple(float(v) for v in goal.mean(axis=0))
    known = {levels[c]: tuple(float(v) for v in by_level[c]) for c in kept}
    if len(kept) > 250:
        return known, prior
    return {t: (*v, float(i)) for i, (t, v) in enumerate(known.items(), 1)}, (*prior, 0.0)


def look_up(texts, known, unseen):
    missing = (math.nan,) * len(unseen)
    rows = [missing if t == "" else known.get(t, unseen) for t in texts]
    return list(np.array(rows, np.float32).reshape(len(texts), len(unseen)).T)
'''

DATE = '''
def date_parts(seconds):
    """Days since 1970, year, month, day, weekday, day of the year and second of the day.

    By arithmetic alone (Howard Hinnant, civil_from_days), as the exported model does it; the
    days of a year count from March 1st."""
    day = np.floor(seconds / 86400)
    z = day + 719468
    era = np.floor(z / 146097)
    doe = z - era * 146097
    leaps = doe - np.floor(doe / 1460) + np.floor(doe / 36524) - np.floor(doe / 146096)
    yoe = np.floor(leaps / 365)
    doy = doe - (yoe * 365 + np.floor(yoe / 4) - np.floor(yoe / 100))
    shifted = np.floor((doy * 5 + 2) / 153)
    of_month = doy - np.floor((shifted * 153 + 2) / 5) + 1
    carry = np.floor(shifted / 10)
    month = shifted + 3 - carry * 12
    weekday = (day + 3) - np.floor((day + 3) / 7) * 7
    parts = (day, yoe + era * 400 + carry, month, of_month, weekday, doy, seconds - day * 86400)
    return [part.astype(np.float32) for part in parts]
'''

PREPARE_HEAD = '''
def prepare(cells, y):
    """Learn from these rows what each text stands for. Gives a function from cells to the
    matrix, the matrix of these rows, and which of its columns are codes."""
    {goal}learned, layout, width = {{}}, {{"codes": [], "spare": [], "means": []}}, 0
    for name, encoding in INPUTS.items():
        if encoding == "number":
            width += 1
'''
PREPARE_DATE = """        if encoding == "date":
            width += 7
"""
PREPARE_CODE = """        if encoding == "code":
            learned[name] = learn_levels(values(cells, name), goal, encoding)
            layout["codes"].append(width)
            width += 1
"""
PREPARE_MEAN = """        if encoding == "mean":
            learned[name] = learn_levels(values(cells, name), goal, encoding)
            count = goal.shape[1]
            if len(learned[name][1]) > count:  # there as a number too: a model takes one of them
                layout["means"] += range(width, width + count)
                layout["spare"].append(width + count)
            width += len(learned[name][1])
"""
PREPARE_TAIL = """    layout["width"] = width

    def matrix(cells):
        parts = []
        for name, encoding in INPUTS.items():
            column = values(cells, name)
            if encoding == "number":
                parts.append(column)
{date}{text}        return np.ascontiguousarray(np.column_stack(parts), np.float32)

    x = matrix(cells)
{cross}    return matrix, x, layout
"""
TAIL_DATE = """            elif encoding == "date":
                parts += date_parts(column)
"""
TAIL_TEXT = """            else:
                parts += look_up(column, *learned[name])
"""
CROSS = """    # A row's own answer must not be in its features: its means come from the other rows.
    part = np.random.default_rng(SEED).permutation(len(x)) % 5
    width = 0
    for name, encoding in INPUTS.items():
        if encoding == "mean":
            coded, levels = codes(values(cells, name))
            block = x[:, width : width + goal.shape[1]]
            for k in range(5):
                there, others = part == k, part != k
                fold = means(coded[others], len(levels), goal[others])
                block[there] = np.where(np.isnan(block[there]), np.nan, fold[coded[there]])
        width += {widths}
"""
GOAL_ONE = "goal = np.asarray(y, np.float64).reshape(-1, 1)\n    "
GOAL_MANY = "goal = np.eye(len(CLASSES))[y][:, :8]  # the chance of each class\n    "
