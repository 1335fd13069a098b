"""Pieces of the script that read the file as it was read for the training."""

from __future__ import annotations

READ = '''
def read(path):
    """The file's cells as text: what each column means is said above, and not guessed here."""
    cells = pd.read_csv(
        path, sep=SEPARATOR, encoding=ENCODING, dtype=str, keep_default_na=False, {header}
    )
    if set(INPUTS) - set(cells.columns) and len(cells.columns) == len(COLUMNS):
        cells.columns = list(COLUMNS)  # names that are empty, repeated or of several lines
    lacking = sorted(set(INPUTS) - set(cells.columns))
    if lacking:
        raise SystemExit(f"{{path}} has no column {{lacking[0]!r}}.")
    cells = cells.apply(lambda column: column.str.strip())
    return cells[(cells != "").any(axis=1)]  # a row without any value is no row


def values(cells, name):
    """A column as numbers: float32, dates as seconds. A text stays text, missing is ""."""
    kind = COLUMNS[name]
    known = {{cell: PARSERS[kind](cell) for cell in cells[name].unique()}}
    made = cells[name].map(known).to_numpy()
    if kind == "text":
        return made.astype(object)
    if kind in ("date", "datetime"):
        return made.astype(np.float64)
    with np.errstate(over="ignore"):
        made = made.astype(np.float64).astype(np.float32)
    return np.where(np.isfinite(made), made, np.nan).astype(np.float32)
'''

TEXT = """
def text(cell):
    return "" if cell.lower() in MISSING_TEXT else cell
"""

NUMBER = '''
def number(cell):
    """The number that a cell stands for; NaN where none stands."""
    if cell.lower() in MISSING:
        return math.nan
    {strip}
    try:
        return float(cell)
    except ValueError:
        return math.nan
'''

POINT = """cell = re.sub("[,']", "", cell)  # thousands: 1,234.5 is 1234.5"""
COMMA = """cell = re.sub("[. \\u00a0\\u202f]", "", cell).replace(",", ".")  # 1.234,5 is 1234.5"""
DRESSED = """cell, sign = undress(cell)"""

UNDRESS = '''
def undress(cell):
    """A number without currency or percent sign; (1,50) and 1,50- are negative."""
    bare = re.sub(r"R\\$|US\\$|\\$|USD|BRL|EUR|GBP|€|£|¥|%|\\s", "", cell).replace("−", "-")
    minus = bare.startswith("(") or "-" in bare
    return re.sub(r"[()+-]", "", bare), -1.0 if minus else 1.0
'''

TRUTH = '''
def truth(cell):
    """1 for yes, 0 for no, NaN where neither stands."""
    small = cell.lower()
    return 1.0 if small in YES else 0.0 if small in NO else math.nan
'''

SECONDS = '''
def seconds(cell):
    """Whole seconds since 1970; a time without a zone is UTC. NaN where no date stands."""
    if cell.lower() in MISSING:
        return math.nan
    moment = None
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        for day in DAYS:
            for clock in CLOCKS:
                try:
                    moment = moment or datetime.strptime(cell.replace("T", " "), day + clock)
                except ValueError:
                    continue
    if moment is None:
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return float(math.floor(moment.timestamp()))
'''

DAYS = {
    "dmy": ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y"),
    "mdy": ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y"),
}
CLOCKS = ("", " %H:%M:%S.%f", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")

LABELS = '''
def labels(cells):
    """The class of each row as a word of CLASSES, "" where there is none."""
    {body}
'''
LABEL_BODIES = {
    "text": "return values(cells, TARGET)",
    "boolean": (
        "made = values(cells, TARGET)\n"
        '    return np.array(["" if np.isnan(v) else CLASSES[int(v)] for v in made], object)'
    ),
    "number": (
        "plain = [repr(v) for v in wide(cells, TARGET)]\n"
        '    return np.array(["" if p == "nan" else p.removesuffix(".0") for p in plain], object)'
    ),
}

WIDE = '''
def wide(cells, name):
    """A column of numbers in double precision, as the target is learned."""
    return [number(cell) for cell in cells[name]]
'''

CHECK = '''
def check(cells, y):
    """Stop unless the file reads exactly as it did in the training: the same rows in the same
    order, and in each column as many missing values and the same sum (of lengths, for texts)."""
    if len(cells) != CHECK["rows"]:
        raise SystemExit(f"The training had {CHECK['rows']} rows, and this file has {len(cells)}.")
    for name, (gone, total) in CHECK["columns"].items():
        made = values(cells, name)
        if COLUMNS[name] == "text":
            found = int((made == "").sum()), float(sum(map(len, made)))
        else:
            found = int(np.isnan(made).sum()), float(np.nansum(made.astype(np.float64)))
        if found[0] != gone or not math.isclose(found[1], total, rel_tol=1e-9, abs_tol=1e-9):
            raise SystemExit(
                f"Column {name!r} reads otherwise than in the training: it has {found[0]} missing "
                f"values and sums up to {found[1]}, and had {gone} and {total}."
            )
    order = float(np.dot(y, np.arange(len(y)) % 997))
    if not math.isclose(order, CHECK["order"], rel_tol=1e-9, abs_tol=1e-9):
        raise SystemExit("The rows are not in the order that they had in the training.")
'''
