"""A headless Chromium, spoken to through a pipe (its DevTools protocol): no driver, no port, no network."""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
    "about:blank",
)
PATIENCE = 30.0
KEY_CODES = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}


def find_program() -> str | None:
    """The browser that CYCLES_CHROMIUM names, else the first that the system has and that can be run."""
    wanted = os.environ.get("CYCLES_CHROMIUM")
    return wanted or next((found for name in PROGRAMS if (found := shutil.which(name)) and _runs(found)), None)


def _runs(program: str) -> bool:
    """Some systems have a program of that name that only says how to get the browser."""
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0


class Tab:
    """One tab: commands go out, answers and events come in; all events are kept in `events`."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._number = 0
        self._buffer = b""
        self._session: str | None = None
        self.events: list[dict] = []

    def attach(self) -> None:
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: object) -> dict:
        """The result of a command; raises RuntimeError where the browser refuses it."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._writing, data) :]
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    message = f"{method}: {answer['error']}"
                    raise RuntimeError(message)
                return answer["result"]

    def _receive(self) -> dict:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._reading], [], [], max(0.0, end - time.monotonic()))
            data = os.read(self._reading, 1 << 20) if ready else b""
            if not data:
                message = "the browser does not answer"
                raise RuntimeError(message)
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\0")
        message = json.loads(line)
        if "method" in message:
            self.events.append(message)
            if message["method"] == "Page.javascriptDialogOpening":
                self._answer_dialog()
        return message

    def _answer_dialog(self) -> None:
        """A dialog stops everything; it is refused, and its event remains."""
        self._number += 1
        message = {"id": self._number, "method": "Page.handleJavaScriptDialog", "params": {"accept": False}}
        os.write(self._writing, json.dumps({**message, "sessionId": self._session}).encode() + b"\0")

    def open(self, path: Path, address: str = "") -> None:
        """Load a page of ours and wait until it says that it is ready."""
        self.send("Page.navigate", url="about:blank")
        self.until("location.href === 'about:blank' && document.readyState === 'complete'")
        self.events.clear()
        self.send("Page.navigate", url=path.as_uri() + address)
        self.until("document.documentElement?.dataset.ready === '1'")

    def ask(self, expression: str) -> object:
        """The value of a JavaScript expression; raises RuntimeError where it throws."""
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(json.dumps(found["exceptionDetails"])[:2000])
        return found["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression holds."""
        end = time.monotonic() + PATIENCE
        while self.ask(f"Boolean({expression})") is not True:
            if time.monotonic() > end:
                message = f"never: {expression}; {self.troubles()}"
                raise RuntimeError(message)
            time.sleep(0.01)

    def spot(self, selector: str) -> tuple[float, float]:
        """The middle of an element on the screen, of a line a spot near the middle of its stroke where it crosses no other one.

        It is scrolled into view, and two frames are drawn: until then a click is still given to what stood there before.
        """
        script = f"""(async () => {{
          const found = document.querySelector({json.dumps(selector)});
          found.scrollIntoView({{block: "center", inline: "nearest"}});
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          const stroke = found.querySelector(".stroke");
          if (stroke) {{
            for (let away = 0; away < 39; away++) {{
              const part = 20 + (away % 2 ? -1 : 1) * Math.ceil(away / 2);
              const spot = stroke.getPointAtLength(stroke.getTotalLength() * part / 40).matrixTransform(stroke.getScreenCTM());
              const near = [[0, 0], [5, 5], [5, -5], [-5, 5], [-5, -5], [7, 0], [-7, 0]].map(([x, y]) => document.elementFromPoint(spot.x + x, spot.y + y));
              if (found.contains(near[0]) && near.every((hit) => found.contains(hit) || !hit?.closest(".line"))) return [spot.x, spot.y];
            }}
          }}
          const area = found.getBoundingClientRect();
          return [area.x + area.width / 2, area.y + area.height / 2];
        }})()"""
        x, y = self.ask(script)
        return x, y

    def move(self, x: float, y: float) -> None:
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click_at(self, x: float, y: float) -> None:
        self.move(x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def hover(self, selector: str) -> None:
        self.move(*self.spot(selector))

    def click(self, selector: str) -> None:
        """A real click: the pointer goes there, and the button goes down and up."""
        self.click_at(*self.spot(selector))

    def double_click(self, selector: str) -> None:
        x, y = self.spot(selector)
        self.move(x, y)
        for count in (1, 2):
            for kind in ("mousePressed", "mouseReleased"):
                self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=count)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.move(*start)
        for kind, (x, y) in (("mousePressed", start), ("mouseMoved", end), ("mouseReleased", end)):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)

    def press(self, key: str) -> None:
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = KEY_CODES.get(key, 0)
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, text=text, windowsVirtualKeyCode=code)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def size(self, width: int, height: int, *, dark: bool = False) -> None:
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))

    def troubles(self) -> list[str]:
        """Everything that the console was told, exceptions, and dialogs."""
        names = (
            "Runtime.consoleAPICalled",
            "Runtime.exceptionThrown",
            "Log.entryAdded",
            "Page.javascriptDialogOpening",
        )
        return [json.dumps(event["params"])[:600] for event in self.events if event["method"] in names]

    def requests(self) -> list[str]:
        """The addresses that were asked for."""
        names = ("Network.requestWillBeSent", "Network.webSocketCreated", "Network.webTransportCreated")
        asked = [event["params"] for event in self.events if event["method"] in names]
        return [found.get("request", found)["url"] for found in asked]


@contextmanager
def browser(program: str, folder: Path) -> Iterator[Tab]:
    """A tab of a browser of our own, with a profile in `folder`; it is gone when the block ends."""
    to_browser, writing = os.pipe()
    reading, from_browser = os.pipe()
    # It reads from file 3 and writes to file 4.
    start = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
    command = ["bash", "-c", start, "bash", program, f"--user-data-dir={folder}", *OPTIONS]
    environment = {**os.environ, "HOME": str(folder)}
    with subprocess.Popen(
        command,
        pass_fds=(to_browser, from_browser),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=environment,
    ) as process:
        os.close(to_browser)
        os.close(from_browser)
        tab = Tab(reading, writing)
        try:
            tab.attach()
            yield tab
        finally:
            process.terminate()
            os.close(writing)
            os.close(reading)
