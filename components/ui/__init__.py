"""
The design system: `from components import ui`, then `ui.button(...)`.

Pure functions of words and Vars; the gallery page (/gallery in development) shows them all.
"""

from components.ui.avatar import ai_avatar, avatar, color_of, initials
from components.ui.badge import LABEL_COLORS, badge, chip, count, dot
from components.ui.banner import banner
from components.ui.bubble import bubble, message_face, message_list, system_line, typing_bubble
from components.ui.button import button, icon_button, link_button
from components.ui.card import card, card_header, definition, stat
from components.ui.copy_button import copy_button
from components.ui.dialog import close_dialog, confirm_dialog, dialog, open_dialog
from components.ui.field import (
    checkbox,
    field,
    input_box,
    input_field,
    password_field,
    radio,
    search_box,
    select,
    select_field,
    switch,
    textarea,
    textarea_field,
)
from components.ui.link import link
from components.ui.logo import logo
from components.ui.marks import divider, kbd, progress, time, tooltip
from components.ui.menu import (
    menu,
    menu_button,
    menu_choice,
    menu_item,
    menu_label,
    menu_separator,
    popover_target,
)
from components.ui.otp_boxes import otp_boxes
from components.ui.page import page_body, page_header, pagination
from components.ui.spinner import loading, skeleton, skeleton_list, spinner, typing_dots
from components.ui.states import empty_state, error_state
from components.ui.table import Column, table
from components.ui.tabs import segmented, tabs
from components.ui.toast import toaster
from components.ui.words import classes, given, when

__all__ = [
    "LABEL_COLORS",
    "Column",
    "ai_avatar",
    "avatar",
    "badge",
    "banner",
    "bubble",
    "button",
    "card",
    "card_header",
    "checkbox",
    "chip",
    "classes",
    "close_dialog",
    "color_of",
    "confirm_dialog",
    "copy_button",
    "count",
    "definition",
    "dialog",
    "divider",
    "dot",
    "empty_state",
    "error_state",
    "field",
    "given",
    "icon_button",
    "initials",
    "input_box",
    "input_field",
    "kbd",
    "link",
    "link_button",
    "loading",
    "logo",
    "menu",
    "menu_button",
    "menu_choice",
    "menu_item",
    "menu_label",
    "menu_separator",
    "message_face",
    "message_list",
    "open_dialog",
    "otp_boxes",
    "page_body",
    "page_header",
    "pagination",
    "password_field",
    "popover_target",
    "progress",
    "radio",
    "search_box",
    "segmented",
    "select",
    "select_field",
    "skeleton",
    "skeleton_list",
    "spinner",
    "stat",
    "switch",
    "system_line",
    "table",
    "tabs",
    "textarea",
    "textarea_field",
    "time",
    "toaster",
    "tooltip",
    "typing_bubble",
    "typing_dots",
    "when",
]
