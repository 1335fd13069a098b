"""What the name of a column tells, in Portuguese and English."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_IDENTIFIERS: Final = frozenset(
    ("id", "ids", "uuid", "guid", "codigo", "cod", "code", "key", "chave", "cpf", "cnpj", "rg",
     "matricula", "registro", "protocolo", "email")
)  # fmt: skip
_ENTITIES: Final = frozenset(
    ("customer", "cliente", "client", "user", "usuario", "patient", "paciente", "student",
     "aluno", "aluna", "estudante", "person", "pessoa", "subject", "sujeito", "member", "membro",
     "employee", "funcionario", "device", "dispositivo", "machine", "maquina", "sensor",
     "vehicle", "veiculo", "animal", "household", "domicilio", "familia", "account", "conta")
)  # fmt: skip
_TRAITS: Final = frozenset(
    ("age", "idade", "gender", "genero", "sex", "sexo", "race", "raca", "ethnicity", "etnia",
     "religion", "religiao", "nationality", "nacionalidade", "disability", "deficiencia",
     "marital", "civil", "salary", "salario", "income", "renda", "pregnant", "gestante")
)  # fmt: skip
_BIRTHS: Final = frozenset(("birth", "birthday", "dob", "nascimento", "nasc", "born"))


def name_words(name: str) -> list[str]:
    """The words of a name in lower case, without accents: `dataNascimento` has two."""
    parted = re.sub(r"(?<=[a-z0-9à-ÿ])(?=[A-ZÀ-Þ])", " ", name)
    plain = unicodedata.normalize("NFKD", parted).encode("ascii", "ignore").decode().lower()
    return [w for w in re.split(r"[^a-z0-9]+", plain) if w]


def named_identifier(name: str) -> bool:
    """Whether the name is that of a number or code that stands for one thing."""
    words = name_words(name)
    return bool(words) and (words[-1] in _IDENTIFIERS or words[0] in _IDENTIFIERS)


def named_entity(name: str) -> bool:
    """Whether the name is that of somebody or something that may come up in several rows."""
    words = name_words(name)
    return named_identifier(name) or (len(words) <= 2 and bool(_ENTITIES & set(words)))


def named_birth(name: str) -> bool:
    """Whether the name is that of a date of birth, which orders people but not events."""
    return bool(_BIRTHS & set(name_words(name)))


def named_trait(name: str) -> bool:
    """Whether the name is that of what people are and do not choose, or of what they earn."""
    words = set(name_words(name))
    return bool(words & (_TRAITS | _BIRTHS))
