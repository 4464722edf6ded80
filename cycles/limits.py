"""Budgets: how much work each question is worth, in counted steps, so that every machine gives the same answer.

A step is about one edge looked at in a loop of Python, a quarter of a microsecond or so. Steps stand
for time because they can be counted: a clock would give another answer on a busy machine.
"""

CUT_BOUND_STEPS = 8_000_000
"""Steps in which `cycles scc` counts the cuts of all components of its three graphs: about a second.

Three times what any package of the corpus takes to have every component of up to 2,500 dependencies
proven. What is linear in the package, such as one order of each component, comes on top."""

COMPONENT_SHARE = 3
"""A component may spend a third of the steps left: the largest, which come last, are mostly one component in
three graphs, and none of the three must starve another. The same where cut sets are looked for."""

CUT_SET_STEPS = 60_000_000
"""Steps to look for the smallest cut sets of all components that `cycles check` compares: about 20 seconds. In a plan
each component gets a third, whatever others are looked at: it has one plan, alone or with others."""

SIMPLEX_ITERATIONS = 50_000
"""Iterations of the simplex method to prove one component's cut set, a hundred of them for each linear program:
five times what any component of the corpus takes."""

CYCLE_COUNT_STEPS = 3_600_000
"""Steps to count all simple cycles of a component: about a second and a half, and a hundred megabytes, at worst.
A step is one state of the dynamic program met with one choice."""

SHORT_CYCLE_STEPS = 2_000_000
"""Steps to count its short cycles instead, where counting all would take more: about a second at worst."""

SHORTEST_CYCLE_STEPS = 4_000_000
"""Steps to look for the shortest cycles of all components together, about a second; the packages of the corpus take
five thousand at most. Finding one takes as many steps as modules times dependencies where it is long."""

KERNEL_STEPS = 20_000_000
"""Steps to contract a component to its kernel before its cycles are counted: a module that many import can be
merged again and again. What is not contracted is counted as it is."""

LOOK_STEPS = 8_000_000
"""Steps to look for a narrow elimination order of a kernel, and then for the vertices near each other: five times
what any component of the corpus takes for both, and four seconds at worst."""

WIDEST_FRONTIER = 256
"""An order of a kernel wider than this is given up: its states are beyond any budget, and its tables, which grow with
the cube of the width, would fill the memory. No component of the corpus loses its exact count by it."""

MOST_PATH_BITS = 1 << 31
"""Bits in all sets of vertices that the search for short cycles may hold at once: a quarter of a gigabyte."""

EFFECT_STEPS = 20_000_000
"""Steps to find what each cut of a component does alone, about ten seconds: not enough only where each of thousands
of cuts tears off thousands of modules."""

GROUP_FIXES = 30
"""Cuts between groups of modules of which is said how each can be made: a second or two. A plan may have a thousand,
and is looked at from its beginning."""

GROUP_FOLLOWED_BYTES = 6_000_000
"""Bytes of the modules in groups up to which what runs on import is followed for these, everywhere in the groups: some
two seconds. `cycles fix` follows all."""

GROUP_FIX_STEPS = 500
"""The same for `cycles fix`, which makes the cuts: beyond, they are refused."""

GROUP_MOVES = 8
"""Moves of a module to another group that are tried for a component, and as many of a definition where asked for."""

GROUP_MOVE_IMPORTS = 60_000
"""Imports of which the graph of groups is made anew for these moves, about a second: of the largest package of the
corpus, transformers, with 22,000 imports, two moves are tried."""

PLAN_STEPS = 20_000_000
"""Steps to put the cuts of a component in the best order, which are quadratic in the cuts and in the modules: about
20 seconds, six times what any component of the corpus takes. Beyond, they stay in the order of their names."""

REPLAY_STEPS = 4_000_000
"""Steps of a plan times dependencies of its component up to which what is left is looked at anew after every step:
about two seconds. Beyond, after the last one only."""

REPLAY_MODULES = 100
"""Modules that a component's first imports may run for a plan to be simulated with its edits made: half a second, about
as long as finding the plan. `cycles cuts --replay` does it for any number."""

HOIST_STEPS = 4_000
"""First imports that all replays of imports to hoist may simulate, some ten seconds: a package of 160 modules is
simulated 25 times, which finds three imports among thirty that must stay. `cycles cuts --replay` does it for any."""

FOLLOWED_BYTES = 100_000
"""Bytes of a component's modules up to which `cycles check` follows what runs on import, to say how an import could be
made differently: a tenth of a second. It is a hint there, and CI is in a hurry; `cycles cuts` follows all."""

MOST_NEIGHBOURS = 40
"""Modules of a package that one of its modules is taken to import where their names are computed: a folder of plug-ins.
More are not imported in one go, and to try them all would take long."""

TRIAL_STEPS = 400
"""Modules that all trials of deferred imports of an analysis may run, each with a first import of its own: a second or
two. None may run more than a replay: only small packages are tried, where a plan turns on single imports."""

EXPLAINED_FINDINGS = 200
"""Imports of a component that `cycles check` shows with the shortest cycle that each closes; a search each. Nobody
reads more."""

MOST_COMPARED_LINES = 2_000_000
"""Lines of modules that are compared to find out which were renamed, split or joined: about two seconds, a hundred
times what a large change takes. Beyond, a module is the same only where its name is."""

FOREIGN_MODULES = 6_000
"""Modules of other distributions that `cycles startup` reads, one leading to the next: three times what the largest
application measured loads, and five seconds at worst."""

STARTUP_JUDGED = 12
"""Statements that hold a distribution up to which the report of a start-up says whether they are easy to move: more are
no easy work whatever each takes, and to parse their modules takes ten milliseconds each."""

STARTUP_ROUNDS = 6
"""Plans of a start-up that are tried in memory until one holds: each takes as long as the report, and shows the next
one what was not foreseen. Two are enough for most."""

STARTUP_BLAMED = 8
"""Steps of a plan that makes ENTRY fail up to which each is left out in turn, to say which one it is."""

STARTUP_UNMASKED = 2
"""Statements in the way of a plan that are left out in turn, to say which crash that would unmask: a second each in a
package of five hundred modules."""

FIX_MODULES = 1000
"""Modules that a component's first imports may run for `cycles fix` to predict them, before and after its edits: some
seconds."""

SET_UP_STEPS = 8
"""Steps for each edge to build the lists that pruning a cut set, or packing cycles around it, begins with. With
fewer steps left neither is begun."""


class Steps:
    """A budget of steps, spent by all that share it."""

    __slots__ = ("_whole", "left")

    def __init__(self, left: int, *, whole: "Steps | None" = None) -> None:
        """Begin with `left` steps, which are also spent from the `whole` where there is one."""
        self.left = left
        self._whole = whole

    @property
    def spent(self) -> bool:
        """Whether none is left."""
        return self.left <= 0

    def take(self, steps: int) -> None:
        """Spend some; the last ones may be overdrawn, by no more than one piece of work."""
        self.left -= steps
        if self._whole is not None:
            self._whole.take(steps)

    def part(self, divisor: int) -> "Steps":
        """Return the steps left divided by a number, as a budget of its own that is spent from this one too."""
        return Steps(max(0, self.left) // divisor, whole=self)


JOINED_MODULES = 5_000
"""Modules of first-party packages that join those asked for without being asked: reading them takes some seconds, and
an answer about a whole monorepo is rarely the one that was wanted."""
IMPORT_STEPS = 3_000_000
"""Instructions that one simulated first import may run: some fifty times what the largest package measured needs."""

CALLS_DEEP = 24
"""Calls within calls that a simulated import follows: what imports do is hardly ever further from a module's body."""

NAMED_CALLS_DEEP = 5
"""Functions that call one another by name, gone through to find out whether code that is given the first may import:
what is further away is hardly ever called by it."""

CALLS_OF_ONE = 100
"""Calls of one function that are followed in one import: the decorators that a module applies to all that it has."""

CALLS_THAT_MATTER = 2
"""Calls of a function that may import modules which are followed in one import: by then it has done what it does."""

STEPS_OF_CALLS, MOST_STEPS_OF_CALLS = 300, 1_500
"""Instructions of one import after which only the first call of a function is followed, and after which only if its
own text imports something; small functions are always followed. What packages compute while they are imported is
endless, and hardly any of it is about imports."""

STEPS_OF_IMPORT = 10_000
"""Instructions of one import after which a call is followed only where it is the first one of its function, whose own
text may import, or bind names of modules; those of a `__getattr__` still are. What the function mentions, gives or is
given does not count any more, nor that it is small: where each object leads to all others, as in algebra, every call
would be followed."""

IDLE_CALLS = 4
"""Calls of a function that did nothing to imports, in a row, after which it is taken not to: names that it mentions
stand for others than those that matter."""

GETATTR_CALLS = 1_000
"""The same of a module's `__getattr__`, which answers each question anew, and of what gives a new function."""

MOST_ITEMS = 400
"""Items that a simulated list or dict holds, and passes of a loop over it: larger ones are data."""

LOOP_PASSES = 30
"""Passes of a `while` loop that are simulated: those that imports make count few things."""

SMALL_FUNCTION = 60
"""Parts of a function up to which a call of it is followed though it can make no difference to imports: what it gives
may decide a condition, and following it costs no more than finding out what it may have changed."""

CALLS_OF_SMALL = 12
"""Calls of such a function that are followed in one import."""

HABITUAL_CALLS = 20
"""Calls of a function that were followed in any import, and made no difference to imports, after which no call of it is
followed: it is a part of what a package computes. Those that take no more than some steps are followed all the same."""
HABITUAL_STEPS = 6

FEW_ITEMS = 10
"""Items of a list that are looked at to see whether calling them could make a difference."""

ESCAPED_OBJECTS = 200
"""Objects that are looked through for functions that code which is not followed could call."""

TEST_FILES = 5_000
"""Files of tests that are read to see which names they take: Django's own suite has 2,000."""

FIRST_RUN_STEPS, FIRST_RUN_BYTES = 60_000, 400
"""Steps in which values are followed to see what runs on import, and for how many bytes of the modules whose bodies run
there is one more. Most packages tried take half of that; where it is not enough, ten times the steps are not."""

RECENT_FILES = 16
"""Files whose text, lines and lexical blocks are kept: each is asked about in one go, at times with a few others."""

PARSED_BYTES = 1_500_000
"""Bytes of modules whose syntax trees a prediction of first imports holds, to lower functions that are called: some
sixty megabytes. Below, large packages parse the same modules again and again."""

RECENT_TREES = 4_000_000
"""Bytes of source files whose syntax trees are kept after use: about a hundred megabytes, and enough for the importers
of nearly all plans, whose trees are wanted again when the plan is replayed, and when functions are followed."""

DIAGRAM_MODULES, DIAGRAM_ARROWS = 150, 800
"""What a layout program arranges in about two seconds. A larger component is drawn by the ends of its cuts, its
packages, or as a matrix."""

PAGE_MODULES, PAGE_ARROWS = 300, 1_600
"""The same for the HTML page, in which one can come nearer: some seconds. Larger components are shown by their
packages only."""

PAGE_LEVELS = 60
"""Packages of a component that the HTML page can look into, the largest: each is laid out in a tenth of a second."""

PAGE_FIRST_IMPORTS = 400
"""Modules that run, counted once for each beginning of each plan, to show in the HTML page which first imports still
crash after each step: one to four seconds. A plan is followed from its beginning as far as that goes."""

LINES_COMPARED = 90_000
"""Pairs of lines, counted once for each way to lay a diagram out, so that fewer cross: twenty-five ways for sixty
lines, two for two hundred, which takes one or two seconds."""

LAYOUT_SECONDS = 20.0
"""Seconds that a layout program gets for one diagram: ten times what the largest needs. It is another program, whose
steps cannot be counted."""

LAYOUT_BYTES = 50_000_000
"""Bytes that a layout program may write: no picture that anybody could look at needs more, and one that writes without
end is stopped here."""

MOVE_STEPS = 4_000_000
"""Edges between definitions that are followed to find the fewest to move: about a second."""

MOVED_TOGETHER = 30
"""Definitions that go together, at most: nobody calls more a small move."""

MOST_GUESSES = 6
"""Open questions that must all be answered in one way until a function fails: of more, the way there most likely does
not exist. Code that handles any kind of value asks what it was given at every turn, and calls itself in each branch."""

MEASURED_RUNS = 3
"""Times that `cycles startup --run` imports what it measures, besides the one that notes what is executed: the least of
three is within a few percent of the least of ten."""
