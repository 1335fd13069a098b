"""What a person should know, and be asked, about how the columns were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from freemlops.domain.dataset import Note
from freemlops.domain.reading import Choice, Question
from freemlops.domain.words import Message, say
from freemlops.engine.ingest.decision import Decision, mixes_units
from freemlops.engine.ingest.evidence import Evidence
from freemlops.engine.ingest.readings import (
    COMMA,
    COMPACT,
    DIGITS,
    DRESSED,
    INTEGER,
    POINT,
    TEXT_MISSING_WORDS,
    ZONED,
)

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Told:
    """The columns beside the decision; `names` are final."""

    names: Sequence[str]
    columns: Sequence[Evidence]
    decision: Decision

    def notes(self) -> Iterator[Note]:
        for code, found, message in self._by_column():
            if found:
                yield Note(code, message)
        if COMMA in self._keys() or DRESSED[COMMA] in self._keys():
            yield Note("number.comma", say("Numbers are written with a decimal comma."))
        if ZONED in self._keys():
            yield Note("date.zone", say("Times with a time zone were turned into UTC."))
        words = sorted(set().union(*(self._words(i) for i in range(len(self.names)))))
        if words:
            yield Note("missing.words", say("Taken as missing: {words}.", words=listed(words)))

    def questions(self) -> tuple[Question, ...]:
        """The first choice is what was read."""
        asked = []
        if numbers := self._doubtful_numbers():
            first = COMMA if self._reads_comma(numbers[0]) else POINT
            point = Choice(".", say("A point: 1.234 is between one and two"))
            comma = Choice(",", say("A comma: 1,234 is between one and two"))
            choices = (comma, point) if first == COMMA else (point, comma)
            message = say(
                "Which mark stands before the decimals in {columns}?", columns=self._named(numbers)
            )
            asked.append(self._question("number.ambiguous", message, "decimal", choices, numbers))
        if dates := self._doubtful_dates():
            day = Choice("dmy", say("Day first: 03/04 is 3 April"))
            month = Choice("mdy", say("Month first: 03/04 is 4 March"))
            is_month = ".mdy" in self._key(dates[0])
            choices = (month, day) if is_month else (day, month)
            message = say("What comes first in the dates of {columns}?", columns=self._named(dates))
            asked.append(self._question("date.ambiguous", message, "date_order", choices, dates))
        return tuple(asked)

    def _question(
        self,
        code: str,
        message: Message,
        option: str,
        choices: tuple[Choice, ...],
        places: Sequence[int],
    ) -> Question:
        names = tuple(self.names[i] for i in places)
        return Question(code, message, option, choices, names)

    def _by_column(self) -> Iterator[tuple[str, list[int], Message]]:
        numbers, dates = self._doubtful_numbers(), self._doubtful_dates()
        month = [i for i in dates if ".mdy" in self._key(i)]
        day = [i for i in dates if i not in month]
        tell = self._named
        yield (
            "number.ambiguous",
            numbers,
            say(
                "A point or comma in {columns} may stand for decimals or for thousands; we took "
                "what the other columns suggest. Check the preview.",
                columns=tell(numbers),
            ),
        )
        yield (
            "date.ambiguous",
            day,
            say(
                "Dates in {columns} were read as day/month/year; they would also fit "
                "month/day/year. Check the preview.",
                columns=tell(day),
            ),
        )
        yield (
            "date.ambiguous",
            month,
            say(
                "Dates in {columns} were read as month/day/year, like the other dates of the "
                "file; they would also fit day/month/year. Check the preview.",
                columns=tell(month),
            ),
        )
        yield from self._sure()

    def _sure(self) -> Iterator[tuple[str, list[int], Message]]:
        """What was decided without a doubt and is worth knowing."""
        tell, dates = self._named, self._doubtful_dates()
        sure = self._where(lambda i, k: ".mdy" in k and i not in dates)
        short = self._where(lambda _, k: k.endswith("yy"))
        compact = self._where(lambda _, k: k == COMPACT)
        said = say("Dates in {columns} were read as month/day/year.", columns=tell(sure))
        yield "date.american", sure, said
        said = say(
            "Years in {columns} have two digits; 69 and below were read as 20xx.",
            columns=tell(short),
        )
        yield "date.short", short, said
        said = say("Numbers such as 20240312 in {columns} are dates.", columns=tell(compact))
        yield "date.compact", compact, said
        yield from self._units()

    def _units(self) -> Iterator[tuple[str, list[int], Message]]:
        tell = self._named
        percent = self._where(lambda i, k: _dressed(k) and "%" in self.columns[i].marks)
        money = self._where(lambda i, k: _dressed(k) and bool(self.columns[i].marks - {"", "%"}))
        mixed = self._where(lambda i, k: not k and mixes_units(self.columns[i]))
        mixed = [i for i in mixed if self.columns[i].is_dressed]
        digits = self._where(lambda i, k: not k and DIGITS in self.columns[i].alive)
        said = say(
            "Percentages in {columns} are kept as written: 12% is 12.", columns=tell(percent)
        )
        yield "number.percent", percent, said
        said = say("Currency signs in {columns} were left out.", columns=tell(money))
        yield "number.currency", money, said
        said = say(
            "Kept as text because different units are mixed in them: {columns}.",
            columns=tell(mixed),
        )
        yield "number.mixed", mixed, said
        said = say(
            "Kept as text so that no digit is lost (leading zeros or very long numbers): "
            "{columns}.",
            columns=tell(digits),
        )
        yield "text.digits", digits, said

    def _doubtful_numbers(self) -> list[int]:
        def doubtful(i: int, key: str) -> bool:
            evidence, alive = self.columns[i], set(self.columns[i].alive)
            if INTEGER in alive or not (evidence.pointed and evidence.filled and key):
                return False
            pair = set(DRESSED.values()) if evidence.is_dressed else {POINT, COMMA}
            return pair <= alive

        return self._where(doubtful)

    def _doubtful_dates(self) -> list[int]:
        def doubtful(i: int, key: str) -> bool:
            alive = self.columns[i].alive
            swapped = {key.replace(".dmy", ".mdy"), key.replace(".mdy", ".dmy")} - {key}
            return any(other in alive for other in swapped)

        return self._where(doubtful)

    def _reads_comma(self, i: int) -> bool:
        return self._key(i) in (COMMA, DRESSED[COMMA], "integer.grouped.point")

    def _where(self, test: Callable[[int, str], bool]) -> list[int]:
        return [i for i, key in enumerate(self._keys()) if self._free(i) and test(i, key)]

    def _free(self, i: int) -> bool:
        return i not in self.decision.forced

    def _keys(self) -> list[str]:
        return [self._key(i) for i in range(len(self.names))]

    def _key(self, i: int) -> str:
        reading = self.decision.readings[i]
        return reading.key if reading else ""

    def _named(self, places: Sequence[int]) -> str:
        return listed([self.names[i] for i in places])

    def _words(self, i: int) -> set[str]:
        if self.decision.readings[i] is None and not self._free(i):
            return set()
        words = self.columns[i].words
        return words if self.decision.readings[i] else words & set(TEXT_MISSING_WORDS)


def _dressed(key: str) -> bool:
    return key in DRESSED.values()


def listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{n}”" for n in names[:SHOWN]) + ("…" if len(names) > SHOWN else "")
