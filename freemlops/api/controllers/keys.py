"""API keys over HTTP."""

from __future__ import annotations

from litestar import Controller, delete, get, post

from freemlops.api.schemas.keys import KeyIn, KeyList, KeyMade, key_made, key_out
from freemlops.bootstrap import Platform


class KeyController(Controller):
    path = "/keys"
    tags = ("keys",)

    @post(status_code=201, sync_to_thread=True)
    def create(self, data: KeyIn, platform: Platform) -> KeyMade:
        """A new key. Its `secret` is in this answer and nowhere else."""
        return key_made(
            *platform.keys.create(
                data.name, data.scopes, data.endpoints, data.per_minute, data.expires_at
            )
        )

    @get(sync_to_thread=True)
    def listing(self, platform: Platform) -> KeyList:
        """All keys, newest first, the revoked ones too."""
        return KeyList([key_out(k) for k in platform.keys.list()])

    @delete("/{key:str}", sync_to_thread=True)
    def revoke(self, platform: Platform, key: str) -> None:
        """From the next call on it opens nothing."""
        platform.keys.revoke(key)
