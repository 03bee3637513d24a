"""Settings: what the pages must be told about where they are served."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WebSettings:
    """``form_key`` signs form tokens: at least 32 secret bytes, the same in every process.
    ``is_https`` marks cookies Secure and tells browsers to stay on https. ``site`` is where
    browsers find us, as the workspace says; empty where it does not."""

    form_key: bytes
    is_https: bool = False
    site: str = ""

    def __post_init__(self) -> None:
        if len(self.form_key) < 32:
            raise ValueError("form_key needs at least 32 bytes; without it forms can be forged")
