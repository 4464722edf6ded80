import crmlib

from assistant.registry import register


@register
class Contacts(crmlib.Source):
    def all(self):
        return self.read("contacts")
