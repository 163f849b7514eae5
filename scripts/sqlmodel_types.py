"""
A plugin for mypy: what `Message.body` is, when `Message` is a table.

To a type checker a field of an SQLModel class is a plain value, on the class as on a row. On
the class it really is a column, with `.desc()`, `.in_()` and comparisons that make SQL.
"""

from collections.abc import Callable

from mypy.nodes import MemberExpr, TypeInfo
from mypy.plugin import AttributeContext, Plugin
from mypy.types import CallableType, Instance, Overloaded, Type, get_proper_type
from mypy.types_utils import remove_optional

TABLES = "chatrigo.models."
COLUMN = "sqlalchemy.orm.attributes.InstrumentedAttribute"
NOT_COLUMNS = {"metadata", "model_config", "model_fields"}


class TablesHaveColumns(Plugin):
    def get_class_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        name = fullname.rpartition(".")[2]
        if fullname.startswith(TABLES) and name not in NOT_COLUMNS and not name.startswith("_"):
            return self._as_column
        return None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        if fullname.startswith(TABLES) and fullname.endswith(".id"):
            return _as_given
        return None

    def _as_column(self, context: AttributeContext) -> Type:
        value = context.default_attr_type
        column = self.lookup_fully_qualified(COLUMN)
        is_method = isinstance(get_proper_type(value), CallableType | Overloaded)
        if is_method or column is None or not isinstance(column.node, TypeInfo):
            return value
        is_id = isinstance(context.context, MemberExpr) and context.context.name == "id"
        return Instance(column.node, [remove_optional(value) if is_id else value])


def _as_given(context: AttributeContext) -> Type:
    """The database gives the id when a row is flushed, and rows are flushed before use."""
    if context.is_lvalue:
        return context.default_attr_type
    return remove_optional(context.default_attr_type)


def plugin(_version: str) -> type[Plugin]:
    return TablesHaveColumns
