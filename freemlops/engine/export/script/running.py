"""Pieces of the script that put the others to work."""

from __future__ import annotations

MAIN_CLASSES = """    known = labels(cells)
    cells, known = cells[known != ""], known[known != ""]
    y = np.array([CLASSES.index(label) for label in known], np.int64)
"""
MAIN_VALUES = """    y = np.array(wide(cells, TARGET))
    cells, y = cells[np.isfinite(y)], y[np.isfinite(y)]
"""
TOLD_CLASSES = """    right = (made.argmax(axis=1) == y[holdout]).mean()
    loss = -np.log(np.clip(made[np.arange(len(holdout)), y[holdout]], 1e-15, 1)).mean()
    print(f"On {len(holdout)} rows held out: {right:.4f} of them right, log loss {loss:.4f}")
"""
TOLD_VALUES = """    error = math.sqrt(np.mean((made[:, 0] - y[holdout]) ** 2))
    print(f"On {len(holdout)} rows held out: root mean squared error {error:.6g}")
"""
COLUMNS_CLASSES = """    table = {"prediction": [CLASSES[i] for i in made.argmax(axis=1)]}
    table |= {f"probability_{name}": made[:, i] for i, name in enumerate(CLASSES)}
"""
COLUMNS_VALUES = """    table = {"prediction": made[:, 0]}
"""
MAIN = """
def main():
    options = argparse.ArgumentParser(description="Trains the model again, and predicts.")
    options.add_argument("data", help="the file that the model was trained on")
    options.add_argument("--predict", help="rows to predict (those of the data, if not given)")
    options.add_argument("--output", default="predictions.csv")
    asked = options.parse_args()

    cells = read(asked.data)
{goal}    check(cells, y)

    # What the model is worth: trained without the holdout, asked about the holdout.
    develop, holdout = split(cells, y)
    measured = train(MEASURED, cells.iloc[develop], y[develop])
    made = measured(cells.iloc[holdout])
{told}
    # The model itself.
    predict = {final}
    made = predict(read(asked.predict) if asked.predict else cells)
{columns}    pd.DataFrame(table).to_csv(asked.output, index=False)
    print(f"{{len(made)}} rows predicted in {{asked.output}}")


if __name__ == "__main__":
    main()
"""
