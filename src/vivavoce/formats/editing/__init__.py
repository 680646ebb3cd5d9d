"""Changes single values of a file that people wrote, and leaves all else: comments, layout, order."""

from vivavoce.formats.editing.base import Editor, NotEditable
from vivavoce.formats.editing.json_editor import JsonEditor
from vivavoce.formats.editing.yaml_editor import YamlEditor

__all__ = ["Editor", "JsonEditor", "NotEditable", "YamlEditor"]
