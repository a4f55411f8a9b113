"""How templates bring in their components."""

from flask import Flask
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context


class DeskTemplate(Template):
    """Jinja compares all global names of two templates at every import, a hundred times a page. No template
    here has globals of its own, so the module that was made once serves every import."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


def register(app: Flask) -> None:
    app.jinja_env.template_class = DeskTemplate
