"""How templates bring in their components."""

from collections.abc import Callable
from functools import lru_cache

from flask import Flask
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.runtime import Macro


class DeskTemplate(Template):
    """Jinja compares all global names of two templates at every import, a hundred times a page. No template
    here has globals of its own, so the module that was made once serves every import."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


def register(app: Flask) -> None:
    app.jinja_env.template_class = DeskTemplate
    app.jinja_env.globals["once"] = _once


def _once(macro: Macro) -> Callable[..., str]:
    """The same macro, keeping what it made of the same arguments: for small ones that a page is full of."""
    return lru_cache(maxsize=1024)(macro)
