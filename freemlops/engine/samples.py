"""Data sets that ship with the product: four classics, and four made up from a seed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.dataset import Sample
from freemlops.domain.errors import NotFoundError
from freemlops.domain.words import say
from freemlops.engine import classics
from freemlops.engine.classics import Columns

SAMPLES: Final = (
    Sample(
        "churn",
        say("Customers who leave"),
        say("A phone company's customers: will they leave? With categories, dates and gaps."),
        "churn",
        3000,
        synthetic=True,
    ),
    Sample(
        "inadimplencia",
        say("Loans that are not paid back"),
        say("Loans in Brazil, with Portuguese column names: will the payment fail?"),
        "inadimplente",
        2500,
        synthetic=True,
    ),
    Sample(
        "houses",
        say("House prices"),
        say("What is a house worth, by its size, age and neighbourhood?"),
        "price",
        2000,
        synthetic=True,
    ),
    Sample(
        "vendas",
        say("Sales of a shop chain"),
        say("Daily sales of shops in Brazil, with Portuguese column names, dates and holidays."),
        "vendas",
        2400,
        synthetic=True,
    ),
    Sample(
        "iris",
        say("Iris flowers"),
        say("Three kinds of iris by the size of their leaves. Fisher's classic of 1936."),
        "species",
        150,
        synthetic=False,
    ),
    Sample(
        "wine",
        say("Wines"),
        say("From which of three grapes a wine was made, by its chemistry."),
        "cultivar",
        178,
        synthetic=False,
    ),
    Sample(
        "breast_cancer",
        say("Breast cancer"),
        say("Is a tumour malignant, by measures of its cells?"),
        "diagnosis",
        569,
        synthetic=False,
    ),
    Sample(
        "diabetes",
        say("Diabetes"),
        say("How far the disease has gone a year later, by ten measures of a patient."),
        "progression",
        442,
        synthetic=False,
    ),
)


def write_sample(key: str, path: Path) -> None:
    """Write the sample as CSV in UTF-8; the same bytes each time."""
    makers = {**_CLASSICS, **_MADE_UP}
    if key not in makers:
        raise NotFoundError("There is no sample called “{name}”.", name=key)
    columns = makers[key]()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*(_cells(v) for v in columns.values()), strict=True))


def _cells(values: Sequence[Any] | NDArray[Any]) -> list[Any]:
    """Missing as nothing; whole numbers without a point, unless a column has others too."""
    plain: list[Any] = values.tolist() if isinstance(values, np.ndarray) else list(values)
    if all(v is None or (isinstance(v, float) and v.is_integer()) for v in plain):
        plain = [v if v is None else int(v) for v in plain]
    return ["" if v is None else v for v in plain]


_CLASSICS: Final[dict[str, Callable[[], Columns]]] = {
    "iris": classics.iris,
    "wine": classics.wine,
    "breast_cancer": classics.breast_cancer,
    "diabetes": classics.diabetes,
}


def _churn() -> Columns:
    rng, n = np.random.default_rng(20240501), 3000
    tenure = rng.integers(1, 73, n)
    plan = rng.choice(["monthly", "yearly", "two years"], n, p=[0.55, 0.25, 0.2])
    internet = rng.choice(["fibre", "cable", "none"], n, p=[0.45, 0.35, 0.2])
    charge = 20 + 35 * (internet == "fibre") + 18 * (internet == "cable") + rng.gamma(4, 4, n)
    calls = rng.poisson(1.1 + 0.9 * (internet == "fibre"))
    age = rng.normal(46, 15, n).clip(18, 90).round()
    payment = rng.choice(["card", "transfer", "direct debit", "invoice"], n)
    odds = (
        -2.2 + 1.7 * (plan == "monthly") - 1.1 * (plan == "two years") - 0.035 * (tenure - 24)
        + 0.55 * calls + 0.022 * (charge - 50) + 0.5 * (payment == "invoice")
        + 0.6 * ((calls > 2) & (plan == "monthly"))
    )  # fmt: skip
    left = rng.random(n) < _logistic(odds)
    return {
        "customer_id": [f"C{100000 + i}" for i in range(n)],
        "signup_date": [
            (date(2024, 5, 1) - timedelta(days=int(t) * 30 + int(d))).isoformat()
            for t, d in zip(tenure, rng.integers(0, 30, n), strict=True)
        ],
        "tenure_months": tenure,
        "age": _holes(rng, age, 0.06),
        "plan": plan,
        "internet": internet,
        "payment": _holes(rng, payment, 0.03),
        "monthly_charge": charge.round(2),
        "support_calls": calls,
        "newsletter": np.where(rng.random(n) < 0.4, "yes", "no"),
        "churn": np.where(left, "yes", "no"),
    }


def _houses() -> Columns:
    rng, n = np.random.default_rng(20240502), 2000
    area = rng.gamma(9, 13, n).clip(35, 420).round()
    rooms = (area / 28 + rng.normal(0, 0.8, n)).clip(1, 10).round().astype(int)
    places = {"Centre": 1.35, "Riverside": 1.2, "Old Town": 1.1, "Hills": 1.0, "Station": 0.85}
    place = rng.choice(list(places), n)
    year = rng.integers(1900, 2024, n)
    garden = np.where(rng.random(n) < 0.45, rng.gamma(2, 120, n).round(), 0)
    condition = rng.choice(["poor", "fair", "good", "new"], n, p=[0.1, 0.35, 0.4, 0.15])
    worth = np.array([places[p] for p in place])
    state = np.select([condition == "poor", condition == "good", condition == "new"],
                      [0.8, 1.08, 1.22], 1.0)  # fmt: skip
    age = 2024 - year
    price = (35_000 + 1_900 * area + 6_000 * rooms + 70 * garden) * worth * state
    price = price * (1 - 0.0022 * age + 0.0000165 * age**2) * rng.lognormal(0, 0.13, n)
    return {
        "area_m2": area,
        "rooms": rooms,
        "neighbourhood": place,
        "built": _holes(rng, year.astype(float), 0.05),
        "garden_m2": garden,
        "condition": _holes(rng, condition, 0.04),
        "lift": rng.random(n) < 0.3,
        "distance_to_station_km": _holes(rng, rng.gamma(2, 1.3, n).round(2), 0.03),
        "price": price.round(-2),
    }


def _inadimplencia() -> Columns:
    rng, n = np.random.default_rng(20240503), 2500
    city = rng.choice(
        ["São Paulo", "Rio de Janeiro", "Belo Horizonte", "Brasília", "Goiânia", "Belém"], n
    )
    job = rng.choice(
        ["CLT", "autônomo", "servidor público", "aposentado"], n, p=[0.5, 0.25, 0.15, 0.1]
    )
    income = rng.lognormal(8.2, 0.55, n).round(2)
    amount = (income * rng.gamma(3, 1.2, n)).clip(500, 200_000).round(2)
    months = rng.choice([6, 12, 24, 36, 48, 60], n)
    late = rng.poisson(0.8 + 0.7 * (job == "autônomo"))
    debt = (amount / months / income).clip(0, 3)
    odds = (
        -3.1 + 1.0 * late + 3.4 * debt + 0.6 * (job == "autônomo")
        - 0.9 * (job == "servidor público") - 0.45 * np.log(income / 3500) + 0.25 * (months > 36)
    )  # fmt: skip
    defaulted = rng.random(n) < _logistic(odds)
    days = rng.integers(0, 900, n)
    return {
        "código": [f"{i:06}" for i in range(1, n + 1)],
        "data da contratação": [(date(2022, 1, 1) + timedelta(int(d))).isoformat() for d in days],
        "município": city,
        "ocupação": _holes(rng, job, 0.04),
        "renda mensal": _holes(rng, income, 0.07),
        "valor do empréstimo": amount,
        "número de parcelas": months,
        "atrasos anteriores": late,
        "possui imóvel": np.where(rng.random(n) < 0.35, "sim", "não"),
        "inadimplente": np.where(defaulted, "sim", "não"),
    }


def _vendas() -> Columns:
    rng, days, shops = np.random.default_rng(20240504), 400, 6
    names = ["Centro", "Estação", "Jardim América", "Praça da Sé", "Shopping Norte", "Água Branca"]
    size = np.array([1.0, 0.75, 1.3, 0.9, 1.6, 0.8])
    day = np.repeat(np.arange(days), shops)
    shop = np.tile(np.arange(shops), days)
    dates = [date(2023, 1, 1) + timedelta(int(d)) for d in day]
    weekday = np.array([d.weekday() for d in dates])
    n = days * shops
    promotion = rng.random(n) < 0.18
    heat = (24 + 6 * np.cos(day / 365 * 2 * np.pi) + rng.normal(0, 2.5, n)).round(1)
    rain = np.where(rng.random(n) < 0.3, rng.gamma(1.5, 6, n).round(1), 0.0)
    busy = np.array([0.9, 0.85, 0.9, 1.0, 1.25, 1.5, 0.7])[weekday]
    sold = 4200 * size[shop] * busy * (1 + 0.35 * promotion) * (1 - 0.008 * rain.clip(0, 30))
    sold = sold * (1 + 0.008 * (heat - 24)) * (1 + 0.0004 * day) * rng.lognormal(0, 0.12, n)
    return {
        "data": [d.isoformat() for d in dates],
        "loja": [names[i] for i in shop],
        "dia da semana": [
            ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")[i]
            for i in weekday
        ],
        "promoção": np.where(promotion, "sim", "não"),
        "temperatura": _holes(rng, heat, 0.04),
        "chuva em mm": rain,
        "funcionários": (3 + 4 * size[shop] + rng.normal(0, 1, n))
        .clip(2, None)
        .round()
        .astype(int),
        "vendas": sold.round(2),
    }


_MADE_UP: Final[dict[str, Callable[[], Columns]]] = {
    "churn": _churn,
    "houses": _houses,
    "inadimplencia": _inadimplencia,
    "vendas": _vendas,
}


def _logistic(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    made: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return made


def _holes(rng: np.random.Generator, values: NDArray[Any], share: float) -> NDArray[Any]:
    """`values` with some of them missing at random."""
    made = values.astype(object)
    made[rng.random(len(values)) < share] = None
    return made
