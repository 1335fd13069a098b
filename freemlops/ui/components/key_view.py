"""An API key in a line: what it may do, and when it was used."""

from __future__ import annotations

from datetime import datetime

from freemlops.domain.key import ApiKey, Scope
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag

SCOPES = {
    Scope.PREDICT: N_("ask for predictions"),
    Scope.READ: N_("look at everything"),
    Scope.WRITE: N_("change everything but keys"),
    Scope.ADMIN: N_("everything, keys too"),
}


def key_view(key: ApiKey, now: datetime, t: Translator) -> Markup:
    where = t.text("all endpoints") if key.endpoints is None else ", ".join(key.endpoints)
    facts = [", ".join(t.text(SCOPES[scope]) for scope in key.scopes), where]
    if key.per_minute is not None:
        facts.append(t.text("at most {n} a minute", n=t.number(key.per_minute, 0)))
    if key.expires_at is not None and key.revoked_at is None:
        facts.append(t.text("until {time}", time=t.datetime(key.expires_at)))
    used = (
        t.text("last used {time}", time=t.datetime(key.last_used_at))
        if key.last_used_at
        else t.text("never used")
    )
    return tag(
        "div",
        tag(
            "div",
            tag("strong", key.name, class_="clip"),
            tag("code", f"{key.prefix}…", class_="small muted"),
            _state(key, now, t),
            class_="row",
        ),
        tag("span", " · ".join([*facts, used]), class_="muted small"),
        class_="stack fm-key",
        style="gap:2px",
        data_key=key.id,
    )


def _state(key: ApiKey, now: datetime, t: Translator) -> Markup | None:
    if key.revoked_at is not None:
        return tag("span", t.text("Revoked"), class_="chip")
    if not key.is_good(now):
        return tag("span", t.text("Expired"), class_="chip warn")
    return None
