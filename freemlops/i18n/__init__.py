"""Words in the reader's language: English is the source, Brazilian Portuguese is complete."""

from freemlops.i18n.translator import LANGUAGES, Translator, negotiate, translator

__all__ = ["LANGUAGES", "Translator", "negotiate", "translator"]
