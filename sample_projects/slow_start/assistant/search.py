import searchlib

import assistant.tools


class Index(searchlib.Index):
    def tools(self):
        return assistant.tools.TOOLS
