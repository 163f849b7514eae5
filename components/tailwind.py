"""What class names mean here: Tailwind's theme, pointing at the tokens of assets/theme.css."""

from typing import Any

COLORS = [
    "canvas",
    "surface",
    "raised",
    "sunken",
    "hover",
    "border",
    "strong",
    "ink",
    "muted",
    "faint",
    "accent",
    "accent-hover",
    "accent-contrast",
    "accent-soft",
    "accent-ink",
    "panel",
    "panel-contrast",
    "ai",
    "ai-contrast",
    "ai-soft",
    "ai-ink",
    "sun",
    "sun-contrast",
    "sun-soft",
    "sun-ink",
    "positive",
    "positive-contrast",
    "positive-soft",
    "positive-ink",
    "warning",
    "warning-contrast",
    "warning-soft",
    "warning-ink",
    "danger",
    "danger-hover",
    "danger-contrast",
    "danger-soft",
    "danger-ink",
    "info",
    "info-contrast",
    "info-soft",
    "info-ink",
]

TYPE_SCALE: dict[str, tuple[str, str]] = {
    "nav": ("0.6875rem", "1rem"),
    "caption": ("0.75rem", "1rem"),
    "small": ("0.8125rem", "1.1875rem"),
    "body": ("0.9375rem", "1.4375rem"),
    "lead": ("1.0625rem", "1.625rem"),
    "title": ("1.25rem", "1.625rem"),
    "heading": ("1.5625rem", "2rem"),
    "display": ("2.125rem", "2.5rem"),
    "hero": ("clamp(2.25rem, 1.4rem + 3.6vw, 3.75rem)", "1.08"),
}

TAILWIND: Any = {
    "content": ["./app/**/*.{js,jsx}", "./app_components/**/*.{js,jsx}", "./utils/**/*.{js,jsx}"],
    "darkMode": "class",
    "theme": {
        "extend": {
            "colors": {name: f"var(--{name})" for name in COLORS},
            "fontFamily": {"sans": "var(--font)", "mono": "var(--mono)"},
            "fontSize": {
                name: [size, {"lineHeight": line}] for name, (size, line) in TYPE_SCALE.items()
            },
            "borderRadius": {
                "small": "var(--radius-small)",
                "control": "var(--radius-control)",
                "card": "var(--radius-card)",
                "bubble": "var(--radius-bubble)",
            },
            "boxShadow": {
                "card": "var(--shadow-card)",
                "raised": "var(--shadow-raised)",
                "pop": "var(--shadow-pop)",
            },
            "spacing": {"nav": "var(--nav-height)", "rail": "var(--rail-width)"},
            "zIndex": {
                "sticky": "var(--z-sticky)",
                "nav": "var(--z-nav)",
                "banner": "var(--z-banner)",
                "pop": "var(--z-pop)",
            },
            "transitionTimingFunction": {"calm": "var(--ease)"},
            "transitionDuration": {"quick": "var(--quick)", "calm": "var(--calm)"},
        }
    },
    "plugins": [],
}
