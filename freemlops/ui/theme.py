"""One theme for every page: the palette, the Material configuration and the shared CSS."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

LIGHT: Final = {
    "primary": "#0b6b68",
    "background": "#f6f7f4",
    "paper": "#ffffff",
    "text": "#1c2b2d",
    "muted": "#55666a",
    "divider": "#dfe4e0",
}
DARK: Final = {
    "primary": "#63c7bd",
    "background": "#101719",
    "paper": "#182225",
    "text": "#e6eeec",
    "muted": "#a3b4b5",
    "divider": "#2c3a3d",
}
LINE: Final = "#0f8a84"
"""The model's line in charts: readable on both surfaces."""
BASELINE: Final = "#c2761b"
"""The baseline's line in charts."""
MANY: Final = (
    "#0f8a84", "#c2761b", "#5b6bbf", "#b0507b", "#6d8b2f", "#8b5cb1", "#3d8fc4", "#a8593a",
)  # fmt: skip
"""Lines of several classes or runs, readable on both surfaces."""


def _palette(colors: dict[str, str], contrast: str) -> dict[str, Any]:
    return {
        "primary": {"main": colors["primary"], "contrastText": contrast},
        "background": {"default": colors["background"], "paper": colors["paper"]},
        "text": {"primary": colors["text"], "secondary": colors["muted"]},
        "divider": colors["divider"],
    }


_COMMON: Final[dict[str, Any]] = {
    "shape": {"borderRadius": 10},
    "typography": {"button": {"textTransform": "none", "fontWeight": 500}},
    "components": {
        "MuiButton": {
            "defaultProps": {"disableElevation": True},
            "styleOverrides": {"root": {"borderRadius": "10px", "letterSpacing": 0}},
        },
        "MuiButtonBase": {
            "styleOverrides": {
                "root": {
                    "&.Mui-focusVisible": {
                        "outline": "2px solid var(--panel-primary-color)",
                        "outlineOffset": "2px",
                    }
                }
            }
        },
        "MuiPaper": {"styleOverrides": {"root": {"backgroundImage": "none"}}},
    },
}


def theme(waiting: str) -> dict[str, Any]:
    """The Material configuration; `waiting` is what a screen reader says of a turning spinner."""
    spinner = {"MuiCircularProgress": {"defaultProps": {"aria-label": waiting}}}
    common = {**_COMMON, "components": {**_COMMON["components"], **spinner}}
    return {
        "light": {**common, "palette": _palette(LIGHT, "#ffffff")},
        "dark": {**common, "palette": _palette(DARK, "#06201e")},
    }


NAV_WIDTH: Final = 224
WIDE: Final = "@media (min-width: 900px)"
NARROW: Final = "@media (max-width: 899.95px)"

PAGE_SX: Final[dict[str, Any]] = {
    "& .header.MuiAppBar-root": {
        "backgroundColor": "background.paper",
        "backgroundImage": "none",
        "color": "text.primary",
        "boxShadow": "none",
        "borderBottom": "1px solid",
        "borderColor": "divider",
    },
    # Panel tells a browser no None, so the bar of a busy page is there in spite of
    # `busy_indicator=None`: never seen, but read out, and without a name.
    "& .header > .MuiLinearProgress-root": {"display": "none"},
    "& .header .MuiToolbar-root": {"px": {"xs": "8px", "sm": "20px"}},
    "& main.main": {"backgroundColor": "background.default"},
    "& .sidebar.MuiDrawer-paper": {
        "backgroundColor": "background.default",
        "borderRight": "1px solid",
        "borderColor": "divider",
    },
    # The drawer follows the window, not the server: no flash of an open menu on a telephone.
    NARROW: {
        "& main.main": {"width": "100%"},
        "& nav.MuiBox-root": {"width": 0},
        "& .sidebar.MuiDrawer-paper": {
            "position": "fixed",
            "top": 0,
            "left": 0,
            "transform": "var(--fm-nav-shift, translateX(-105%))",
            "visibility": "var(--fm-nav-visibility, hidden)",
            "transition": "transform 160ms ease",
            "boxShadow": 8,
        },
    },
}
"""How the Page of panel-material-ui is bent into our shell."""

CARD_SX: Final[dict[str, Any]] = {
    "p": {"xs": "16px", "sm": "24px"},
    "border": "1px solid",
    "borderColor": "divider",
    "boxShadow": "none",
    "gap": "8px",
    "overflow": "hidden",
}

DIALOG_SX: Final[dict[str, Any]] = {
    "& .MuiDialogTitle-root": {"p": "20px 24px 8px", "fontSize": "20px", "fontWeight": 700},
    "& .MuiDialogContent-root": {"p": "0 24px 22px"},
}

FOLD_SX: Final[dict[str, Any]] = {
    "border": "1px solid",
    "borderColor": "divider",
    "boxShadow": "none",
    "borderRadius": "10px !important",
    "&::before": {"display": "none"},
    "& .MuiAccordionSummary-root": {"px": {"xs": "16px", "sm": "24px"}},
    "& .MuiAccordionDetails-root": {"px": {"xs": "16px", "sm": "24px"}},
}


def asset(name: str) -> str:
    """The text of a style sheet or script of the pages."""
    return (resources.files("freemlops.ui") / "assets" / name).read_text("utf-8")


VARIABLES: Final = asset("variables.css")
"""Colours and type, from the theme's own variables; for every shadow root of ours."""
CSS: Final = VARIABLES + asset("page.css")
"""The look of everything that `Html` shows."""
DOCUMENT: Final = asset("page.html")
"""The template of every page: that of panel-material-ui, after a look at the system's theme."""
