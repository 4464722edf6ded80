"""Deferrals that are safe by what values are, and twins of each that are not: there the function runs on import.

Each has two modules: the importer, and one that `order` imports. `PACKAGE` stands for the package.
"""

GO = "def go(): return Order()\n"
TOOLS = "REG = {}\ndef register(n, f): REG[n] = f\ndef run(n): return REG[n]()\n"
"""A module of the package that is on no cycle."""

PAIRS = {
    "table nobody calls": (
        (GO + "T = {'a': go}\nU = {k: v.__name__ for k, v in T.items()}\n", ""),
        (GO + "T = {'a': go}\nU = {k: v() for k, v in T.items()}\n", ""),
    ),
    "table with two, one is called": (
        ("def one(): return 1\ndef go(): return Order()\nT = {'one': one, 'go': go}\nx = T['one']()\n", ""),
        ("def one(): return 1\ndef go(): return Order()\nT = {'one': one, 'go': go}\nx = T['go']()\n", ""),
    ),
    "list, first is called": (
        ("def one(): return 1\ndef go(): return Order()\nT = [one, go]\nx = T[0]()\n", ""),
        ("def one(): return 1\ndef go(): return Order()\nT = [one, go]\nx = T[-1]()\n", ""),
    ),
    "argument that is stored": (
        (GO + "K = []\ndef keep(f, run=False):\n    if run: f()\n    K.append(f)\nkeep(go)\n", ""),
        (GO + "K = []\ndef keep(f, run=False):\n    if run: f()\n    K.append(f)\nkeep(go, run=True)\n", ""),
    ),
    "own registry object": (
        (
            GO
            + "class R:\n    def __init__(self): self.all = {}\n    def add(self, n, f): self.all[n] = f\n    def call(self, n): return self.all[n]()\nr = R()\nr.add('go', go)\nr.add('one', int)\nr.call('one')\n",
            "",
        ),
        (
            GO
            + "class R:\n    def __init__(self): self.all = {}\n    def add(self, n, f): self.all[n] = f\n    def call(self, n): return self.all[n]()\nr = R()\nr.add('go', go)\nr.add('one', int)\nr.call('go')\n",
            "",
        ),
    ),
    "two registries": (
        (
            GO
            + "class R:\n    def __init__(self): self.all = []\n    def add(self, f): self.all.append(f)\n    def run(self):\n        for f in self.all: f()\na, b = R(), R()\na.add(go)\nb.add(int)\nb.run()\n",
            "",
        ),
        (
            GO
            + "class R:\n    def __init__(self): self.all = []\n    def add(self, f): self.all.append(f)\n    def run(self):\n        for f in self.all: f()\na, b = R(), R()\na.add(go)\nb.add(int)\na.run()\n",
            "",
        ),
    ),
    "decorator that returns it, other called": (
        ("def d(f): return f\n@d\ndef go(): return Order()\n@d\ndef one(): return 1\nx = one()\n", ""),
        ("def d(f): return f\n@d\ndef go(): return Order()\n@d\ndef one(): return go()\nx = one()\n", ""),
    ),
    "decorator that wraps, other called": (
        (
            "import functools\ndef d(f):\n    @functools.wraps(f)\n    def w(*a, **k): return f(*a, **k)\n    return w\n@d\ndef go(): return Order()\n@d\ndef one(): return 1\nx = one()\n",
            "",
        ),
        (
            "import functools\ndef d(f):\n    @functools.wraps(f)\n    def w(*a, **k): return f(*a, **k)\n    return w\n@d\ndef go(): return Order()\n@d\ndef one(): return 1\nx = go()\n",
            "",
        ),
    ),
    "decorator by call as method, other called": (
        (
            "class App:\n    def __init__(self): self.r = {}\n    def route(self, p):\n        def d(f):\n            self.r[p] = f\n            return f\n        return d\n    def open(self, p): return self.r[p]()\napp = App()\n@app.route('/go')\ndef go(): return Order()\n@app.route('/')\ndef one(): return 1\nx = app.open('/')\n",
            "",
        ),
        (
            "class App:\n    def __init__(self): self.r = {}\n    def route(self, p):\n        def d(f):\n            self.r[p] = f\n            return f\n        return d\n    def open(self, p): return self.r[p]()\napp = App()\n@app.route('/go')\ndef go(): return Order()\n@app.route('/')\ndef one(): return 1\nx = app.open('/go')\n",
            "",
        ),
    ),
    "partial other called": (
        (
            "from functools import partial\ndef call(f): return f()\ndef go(): return Order()\na, b = partial(call, go), partial(call, int)\nx = b()\n",
            "",
        ),
        (
            "from functools import partial\ndef call(f): return f()\ndef go(): return Order()\na, b = partial(call, go), partial(call, int)\nx = a()\n",
            "",
        ),
    ),
    "local container": (
        (GO + "def make():\n    fs = [go]\n    return len(fs)\nx = make()\n", ""),
        (GO + "def make():\n    fs = [go]\n    return [f() for f in fs]\nx = make()\n", ""),
    ),
    "branch by flag": (
        (GO + "DEBUG = False\nif DEBUG: go()\n", ""),
        (GO + "DEBUG = True\nif DEBUG: go()\n", ""),
    ),
    "branch by argument": (
        (GO + "def setup(eager): return go() if eager else None\nsetup(False)\n", ""),
        (GO + "def setup(eager): return go() if eager else None\nsetup(True)\n", ""),
    ),
    "default None": (
        (GO + "def setup(hook=None):\n    if hook is not None: hook()\nsetup()\nh = go\n", ""),
        (GO + "def setup(hook=None):\n    if hook is not None: hook()\nsetup(go)\n", ""),
    ),
    "lazy object": (
        (
            "class Lazy:\n    def __init__(self, f): self.f, self.v = f, None\n    def get(self):\n        if self.v is None: self.v = self.f()\n        return self.v\ndef go(): return Order()\nz = Lazy(go)\ny = Lazy(int)\ny.get()\n",
            "",
        ),
        (
            "class Lazy:\n    def __init__(self, f): self.f, self.v = f, None\n    def get(self):\n        if self.v is None: self.v = self.f()\n        return self.v\ndef go(): return Order()\nz = Lazy(go)\ny = Lazy(int)\nz.get()\n",
            "",
        ),
    ),
    "lazy property": (
        (
            "class lazy:\n    def __init__(self, f): self.f = f\n    def __get__(self, o, c):\n        if o is None: return self\n        return self.f(o)\nclass C:\n    @lazy\n    def go(self): return Order()\nC.go\n",
            "",
        ),
        (
            "class lazy:\n    def __init__(self, f): self.f = f\n    def __get__(self, o, c):\n        if o is None: return self\n        return self.f(o)\nclass C:\n    @lazy\n    def go(self): return Order()\nC().go\n",
            "",
        ),
    ),
    "dispatch by type": (
        (
            "class A:\n    def go(self): return 1\nclass B:\n    def go(self): return Order()\ndef make(k): return A() if k == 'a' else B()\nx = make('a').go()\n",
            "",
        ),
        (
            "class A:\n    def go(self): return 1\nclass B:\n    def go(self): return Order()\ndef make(k): return A() if k == 'a' else B()\nx = make('b').go()\n",
            "",
        ),
    ),
    "factory by name": (
        (
            "class A:\n    def __init__(self): pass\nclass B:\n    def __init__(self): Order()\nK = {'a': A, 'b': B}\nx = K['a']()\n",
            "",
        ),
        (
            "class A:\n    def __init__(self): pass\nclass B:\n    def __init__(self): Order()\nK = {'a': A, 'b': B}\nx = K['b']()\n",
            "",
        ),
    ),
    "init_subclass registry": (
        (
            "R = {}\nclass P:\n    def __init_subclass__(cls, name=None): R[name] = cls\nclass A(P, name='a'): pass\nclass B(P, name='b'):\n    def __init__(self): Order()\nx = R['a']()\n",
            "",
        ),
        (
            "R = {}\nclass P:\n    def __init_subclass__(cls, name=None): R[name] = cls\nclass A(P, name='a'): pass\nclass B(P, name='b'):\n    def __init__(self): Order()\nx = R['b']()\n",
            "",
        ),
    ),
    "init_subclass with a flag": (
        (
            "class P:\n    def __init_subclass__(cls, eager=False):\n        if eager: cls().go()\nclass B(P):\n    def go(self): return Order()\n",
            "",
        ),
        (
            "class P:\n    def __init_subclass__(cls, eager=False):\n        if eager: cls().go()\nclass B(P, eager=True):\n    def go(self): return Order()\n",
            "",
        ),
    ),
    "metaclass registry": (
        (
            "class M(type):\n    all = {}\n    def __new__(m, n, b, d):\n        c = super().__new__(m, n, b, d)\n        m.all[n] = c\n        return c\nclass A(metaclass=M):\n    def go(self): return Order()\nx = sorted(M.all)\n",
            "",
        ),
        (
            "class M(type):\n    all = {}\n    def __new__(m, n, b, d):\n        c = super().__new__(m, n, b, d)\n        m.all[n] = c\n        return c\nclass A(metaclass=M):\n    def go(self): return Order()\nx = [c().go() for c in M.all.values()]\n",
            "",
        ),
    ),
    "metaclass hook by attribute": (
        (
            "class M(type):\n    def __init__(c, n, b, d):\n        if 'setup' in d: c.setup()\nclass A(metaclass=M):\n    @classmethod\n    def other(cls): return Order()\n",
            "",
        ),
        (
            "class M(type):\n    def __init__(c, n, b, d):\n        if 'setup' in d: c.setup()\nclass A(metaclass=M):\n    @classmethod\n    def setup(cls): return Order()\n",
            "",
        ),
    ),
    "set_name": (
        (
            "class F:\n    def __init__(self, default=None): self.default = default\n    def __set_name__(self, o, n): self.name = n\n    def value(self): return self.default()\ndef go(): return Order()\nclass C:\n    f = F(default=go)\n",
            "",
        ),
        (
            "class F:\n    def __init__(self, default=None): self.default = default\n    def __set_name__(self, o, n): self.name = self.default()\n    def value(self): return self.default()\ndef go(): return Order()\nclass C:\n    f = F(default=go)\n",
            "",
        ),
    ),
    "sorted by a key in a table": (
        (
            "def one(x): return x\ndef go(x): return Order()\nK = {'one': one, 'go': go}\nx = sorted([2, 1], key=K['one'])\n",
            "",
        ),
        (
            "def one(x): return x\ndef go(x): return Order().number\nK = {'one': one, 'go': go}\nx = sorted([2, 1], key=K['go'])\n",
            "",
        ),
    ),
    "signal without send": (
        (
            "class S:\n    def __init__(self): self.fs = []\n    def connect(self, f): self.fs.append(f); return f\n    def send(self, **k): return [f(**k) for f in self.fs]\nsaved, loaded = S(), S()\n@saved.connect\ndef go(**k): return Order()\nloaded.send()\n",
            "",
        ),
        (
            "class S:\n    def __init__(self): self.fs = []\n    def connect(self, f): self.fs.append(f); return f\n    def send(self, **k): return [f(**k) for f in self.fs]\nsaved, loaded = S(), S()\n@saved.connect\ndef go(**k): return Order()\nsaved.send()\n",
            "",
        ),
    ),
    "loop over no plugins": (
        (GO + "PLUGINS = []\nfor p in PLUGINS: go()\n", ""),
        (GO + "PLUGINS = [1]\nfor p in PLUGINS: go()\n", ""),
    ),
    "empty filter": (
        (GO + "N = ['a', 'b']\nfor n in N:\n    if n.startswith('x'): go()\n", ""),
        (GO + "N = ['a', 'xb']\nfor n in N:\n    if n.startswith('x'): go()\n", ""),
    ),
    "methods by prefix": (
        (
            "class C:\n    def on_a(self): return 1\n    def go(self): return Order()\nfor n in dir(C):\n    if n.startswith('on_'): getattr(C(), n)()\n",
            "",
        ),
        (
            "class C:\n    def on_a(self): return 1\n    def on_go(self): return Order()\nfor n in dir(C):\n    if n.startswith('on_'): getattr(C(), n)()\n",
            "",
        ),
    ),
    "marked functions": (
        (
            "def mark(f):\n    f.marked = True\n    return f\ndef go(): return Order()\n@mark\ndef one(): return 1\nfor f in [v for v in list(globals().values()) if getattr(v, 'marked', False)]: f()\n",
            "",
        ),
        (
            "def mark(f):\n    f.marked = True\n    return f\n@mark\ndef go(): return Order()\n@mark\ndef one(): return 1\nfor f in [v for v in list(globals().values()) if getattr(v, 'marked', False)]: f()\n",
            "",
        ),
    ),
    "default factory not used": (
        (
            "from dataclasses import dataclass, field\ndef go(): return Order()\n@dataclass\nclass C:\n    a: object = field(default_factory=go)\nc = C(a=1)\n",
            "",
        ),
        (
            "from dataclasses import dataclass, field\ndef go(): return Order()\n@dataclass\nclass C:\n    a: object = field(default_factory=go)\nc = C()\n",
            "",
        ),
    ),
    "post init by flag": (
        (
            "from dataclasses import dataclass\n@dataclass\nclass C:\n    eager: bool = False\n    def __post_init__(self):\n        if self.eager: self.go()\n    def go(self): return Order()\nc = C()\n",
            "",
        ),
        (
            "from dataclasses import dataclass\n@dataclass\nclass C:\n    eager: bool = False\n    def __post_init__(self):\n        if self.eager: self.go()\n    def go(self): return Order()\nc = C(eager=True)\n",
            "",
        ),
    ),
    "generator not consumed": (
        ("def go():\n    yield Order\ndef _(): return Order()\ng = go()\n", ""),
        ("def go(): yield Order()\ng = list(go())\n", ""),
    ),
    "generator first item": (
        ("def other(): return Order()\ndef gen():\n    yield 1\n    yield other()\nx = next(gen())\n", ""),
        ("def other(): return Order()\ndef gen():\n    yield 1\n    yield other()\nx = [*gen()]\n", ""),
    ),
    "short circuit": (
        (GO + "CACHE = {'x': 1}\nx = CACHE.get('x') or go()\n", ""),
        (GO + "CACHE = {'x': 0}\nx = CACHE.get('x') or go()\n", ""),
    ),
    "cache hit": (
        (GO + "CACHE = {'go': 1}\ndef get(n):\n    if n in CACHE: return CACHE[n]\n    return go()\nget('go')\n", ""),
        (GO + "CACHE = {'go': 1}\ndef get(n):\n    if n in CACHE: return CACHE[n]\n    return go()\nget('x')\n", ""),
    ),
    "except not reached": (
        (GO + "try:\n    x = int('3')\nexcept ValueError:\n    go()\n", ""),
        (GO + "try:\n    x = int('a')\nexcept ValueError:\n    go()\n", ""),
    ),
    "import fallback": (
        (GO + "try:\n    import json\nexcept ImportError:\n    go()\n", ""),
        (GO + "try:\n    import jsonnn_missing\nexcept ImportError:\n    go()\n", ""),
    ),
    "singledispatch other type": (
        (
            "import functools\n@functools.singledispatch\ndef show(x): return 1\n@show.register(str)\ndef _s(x): return Order()\nshow(3)\n",
            "",
        ),
        (
            "import functools\n@functools.singledispatch\ndef show(x): return 1\n@show.register(int)\ndef _s(x): return Order()\nshow(3)\n",
            "",
        ),
    ),
    "enum with functions": (
        (
            "import enum, functools\ndef go(): return Order()\nclass E(enum.Enum):\n    A = functools.partial(go)\n    B = 1\n    def run(self): return self.value()\nx = E.B\n",
            "",
        ),
        (
            "import enum, functools\ndef go(): return Order()\nclass E(enum.Enum):\n    A = functools.partial(go)\n    B = 1\n    def run(self): return self.value()\nx = E.A.run()\n",
            "",
        ),
    ),
    "command table": (
        (
            GO
            + "def helps(): return 'h'\nCOMMANDS = {'go': (go, 'x'), 'help': (helps, 'y')}\ndef run(n): return COMMANDS[n][0]()\nrun('help')\n",
            "",
        ),
        (
            GO
            + "def helps(): return 'h'\nCOMMANDS = {'go': (go, 'x'), 'help': (helps, 'y')}\ndef run(n): return COMMANDS[n][0]()\nrun('go')\n",
            "",
        ),
    ),
    "nested tables": (
        (GO + "T = {'a': {'go': go, 'one': int}}\nx = T['a']['one']()\n", ""),
        (GO + "T = {'a': {'go': go, 'one': int}}\nx = T['a']['go']()\n", ""),
    ),
    "attribute of an object": (
        ("class O: pass\ndef go(): return Order()\no = O()\no.go, o.one = go, int\nx = o.one()\n", ""),
        ("class O: pass\ndef go(): return Order()\no = O()\no.go, o.one = go, int\nx = o.go()\n", ""),
    ),
    "two objects of a class": (
        (
            "class O:\n    def __init__(self, f): self.f = f\n    def __call__(self): return self.f()\ndef go(): return Order()\na, b = O(go), O(int)\nx = b()\n",
            "",
        ),
        (
            "class O:\n    def __init__(self, f): self.f = f\n    def __call__(self): return self.f()\ndef go(): return Order()\na, b = O(go), O(int)\nx = a()\n",
            "",
        ),
    ),
    "namedtuple fields": (
        (
            "import collections\nN = collections.namedtuple('N', 'f g')\ndef go(): return Order()\nn = N(go, int)\nx = n.g()\n",
            "",
        ),
        (
            "import collections\nN = collections.namedtuple('N', 'f g')\ndef go(): return Order()\nn = N(go, int)\nx = n.f()\n",
            "",
        ),
    ),
    "simple namespace": (
        ("import types\ndef go(): return Order()\nn = types.SimpleNamespace(f=go, g=int)\nx = n.g()\n", ""),
        ("import types\ndef go(): return Order()\nn = types.SimpleNamespace(f=go, g=int)\nx = n.f()\n", ""),
    ),
    "closure chosen": (
        (GO + "def make(f):\n    def inner(): return f()\n    return inner\na, b = make(go), make(int)\nx = b()\n", ""),
        (GO + "def make(f):\n    def inner(): return f()\n    return inner\na, b = make(go), make(int)\nx = a()\n", ""),
    ),
    "context manager on error": (
        (
            "class X:\n    def __enter__(self): return self\n    def __exit__(self, t, e, b):\n        if t is not None: self.go()\n    def go(self): return Order()\nwith X(): pass\n",
            "",
        ),
        (
            "class X:\n    def __enter__(self): return self\n    def __exit__(self, t, e, b):\n        if t is not None: self.go()\n        return True\n    def go(self): return Order()\nwith X(): raise ValueError\n",
            "",
        ),
    ),
    "hook list popped": (
        (GO + "H = [go]\nH.pop()\nfor h in H: h()\n", ""),
        (GO + "H = [go, int]\nH.pop()\nfor h in H: h()\n", ""),
    ),
    "replaced in table": (
        (GO + "T = {'a': go}\nT['a'] = int\nx = T['a']()\n", ""),
        (GO + "T = {'a': int}\nT['a'] = go\nx = T['a']()\n", ""),
    ),
    "name rebound": (
        (GO + "f = go\nf = int\nf()\n", ""),
        (GO + "f = int\nf = go\nf()\n", ""),
    ),
    "method overridden": (
        (
            "class A:\n    def __init__(self): self.go()\n    def go(self): return Order()\nclass B(A):\n    def go(self): return 1\nB()\n",
            "",
        ),
        (
            "class A:\n    def __init__(self): self.go()\n    def go(self): return Order()\nclass B(A):\n    def go(self): return super().go()\nB()\n",
            "",
        ),
    ),
    "match statement": (
        (GO + "def run(c):\n    match c:\n        case 'go': return go()\n        case _: return 1\nrun('x')\n", ""),
        (GO + "def run(c):\n    match c:\n        case 'go': return go()\n        case _: return 1\nrun('go')\n", ""),
    ),
    "argparse default handler": (
        (
            GO
            + "import argparse\np = argparse.ArgumentParser()\np.add_argument('--x', type=int)\np.set_defaults(func=go)\n",
            "",
        ),
        (GO + "import argparse\np = argparse.ArgumentParser()\np.set_defaults(func=go)\np.parse_args([]).func()\n", ""),
    ),
    "versions table": (
        (GO + "V = (3, 1)\nif V < (3, 0): go()\n", ""),
        (GO + "V = (2, 1)\nif V < (3, 0): go()\n", ""),
    ),
    "string formatting": (
        ("class S:\n    def __str__(self): return str(Order())\ns = S()\nx = f'{len([s])}'\n", ""),
        ("class S:\n    def __str__(self): return str(Order())\ns = S()\nx = f'{s}'\n", ""),
    ),
    "getattr default": (
        ("class C:\n    go2 = 1\n    def go(self): return Order()\nx = getattr(C(), 'go2', None)\n", ""),
        ("class C:\n    go2 = 1\n    def go(self): return Order()\nx = getattr(C(), 'go', None)()\n", ""),
    ),
    "registry run elsewhere": (
        (
            GO + "R = []\ndef reg(f):\n    R.append(f)\n    return f\nreg(go)\n",
            "from PACKAGE.forms import R\nN = [f.__name__ for f in R]\n",
        ),
        (
            GO + "R = []\ndef reg(f):\n    R.append(f)\n    return f\nreg(go)\n",
            "from PACKAGE.forms import R\nN = [f() for f in R]\n",
        ),
    ),
    "registry of another module": (
        (
            GO + "from PACKAGE.tools import REG, register\nregister('go', go)\n",
            "from PACKAGE.tools import register, run\nregister('one', int)\nrun('one')\n",
        ),
        (
            GO + "from PACKAGE.tools import REG, register, run\nregister('go', go)\n",
            "import PACKAGE.forms\nfrom PACKAGE.tools import register, run\nrun('go')\n",
        ),
    ),
    "app factory": (
        (
            "class App:\n    def __init__(self): self.x = []\n    def use(self, f): self.x.append(f)\n    def start(self):\n        for f in self.x: f()\ndef create(start=False):\n    app = App()\n    app.use(go)\n    if start: app.start()\n    return app\ndef go(): return Order()\napp = create()\n",
            "",
        ),
        (
            "class App:\n    def __init__(self): self.x = []\n    def use(self, f): self.x.append(f)\n    def start(self):\n        for f in self.x: f()\ndef create(start=False):\n    app = App()\n    app.use(go)\n    if start: app.start()\n    return app\ndef go(): return Order()\napp = create(True)\n",
            "",
        ),
    ),
    "thread started": (
        (
            GO
            + "import threading\nt = threading.Thread(target=go)\nu = threading.Thread(target=int)\nu.start()\nu.join()\n",
            "",
        ),
        (GO + "import threading\nt = threading.Thread(target=go)\nu = threading.Thread(target=int)\nt.run()\n", ""),
    ),
    "ordered hooks by priority": (
        (GO + "def one(): return 1\nH = [(5, go), (1, one)]\nH.sort(key=lambda h: h[0])\nH[0][1]()\n", ""),
        (GO + "def one(): return 1\nH = [(0, go), (1, one)]\nH.sort(key=lambda h: h[0])\nH[0][1]()\n", ""),
    ),
    "first that works": (
        (
            GO
            + "def first(*fs):\n    for f in fs:\n        v = f()\n        if v is not None: return v\nfirst(int, go)\n",
            "",
        ),
        (
            GO
            + "def first(*fs):\n    for f in fs:\n        v = f()\n        if v is not None: return v\nfirst(lambda: None, go)\n",
            "",
        ),
    ),
    "validators by kwargs": (
        (GO + "def field(**k):\n    if k.get('default'): return k['default']()\nfield(validator=go)\n", ""),
        (GO + "def field(**k):\n    if k.get('default'): return k['default']()\nfield(default=go)\n", ""),
    ),
    "while loop": (
        (GO + "q = [1]\nwhile q:\n    i = q.pop()\n    if i == 2: go()\n", ""),
        (GO + "q = [2]\nwhile q:\n    i = q.pop()\n    if i == 2: go()\n", ""),
    ),
    "class hierarchy subclasses": (
        (
            "class P:\n    load = False\nclass A(P):\n    def go(self): return Order()\nfor c in P.__subclasses__():\n    if c.load: c().go()\n",
            "",
        ),
        (
            "class P:\n    load = True\nclass A(P):\n    def go(self): return Order()\nfor c in P.__subclasses__():\n    if c.load: c().go()\n",
            "",
        ),
    ),
}
