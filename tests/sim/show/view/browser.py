"""Chromium without a window, driven over WebDriver with what Python has of its own."""
import base64
import json
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

KEYS = {"left": "\ue012", "right": "\ue014", "end": "\ue010", "home": "\ue011", "tab": "\ue004"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    def __init__(self, width=1400, height=1000, dark=False):
        self.folder = tempfile.mkdtemp(prefix="apical_browser_")
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        self.port = next(line.split("port ")[1].strip(". \n") for line in self.driver.stdout
                         if "successfully on port" in line)
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update",
                     "--disable-sync", "--disable-dev-shm-usage",
                     f"--user-data-dir={self.folder}", f"--window-size={width},{height}"]
        if dark:
            arguments.append("--blink-settings=preferredColorScheme=0")
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments},
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        self.session = ""
        self.session = self.post("session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.ask("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, method, path, body=None):
        path = f"session/{self.session}/{path}".rstrip("/") if self.session else path
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", data, method=method)
        request.add_header("Content-Type", "application/json")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from None

    def post(self, path, body):
        return self.ask("POST", path, body)

    def open(self, path):
        self.post("url", {"url": "file://" + path})
        self.drawn()

    def drawn(self):
        """Returns when what was asked for has been painted."""
        self.post("execute/async", {"script": "const done = arguments[0]; requestAnimationFrame("
                                              "() => requestAnimationFrame(done));", "args": []})

    def run(self, script):
        return self.post("execute/sync", {"script": script, "args": []})

    def value(self, expression):
        return self.run("return " + expression)

    def element(self, css):
        return self.post("element", {"using": "css selector", "value": css})[ELEMENT]

    def press(self, css, *keys):
        text = "".join(KEYS.get(key, key) for key in keys)
        self.post(f"element/{self.element(css)}/value", {"text": text})
        self.drawn()

    def press_anywhere(self, key):
        strokes = [{"type": kind, "value": KEYS.get(key, key)} for kind in ("keyDown", "keyUp")]
        self.post("actions", {"actions": [{"type": "key", "id": "keys", "actions": strokes}]})

    def click(self, css):
        self.post(f"element/{self.element(css)}/click", {})
        self.drawn()

    def picture(self, css):
        """What a canvas shows, as text that can be compared."""
        return self.value(f"document.querySelector({json.dumps(css)}).toDataURL()")

    def log(self, kind):
        return self.post("se/log", {"type": kind})

    def requests(self):
        """The addresses of everything that was asked for."""
        messages = [json.loads(one["message"])["message"] for one in self.log("performance")]
        return [one["params"]["request"]["url"] for one in messages
                if one["method"] == "Network.requestWillBeSent"]

    def screenshot(self, path, whole_page=True):
        parameters = {"captureBeyondViewport": whole_page, "format": "png"}
        taken = self.post("goog/cdp/execute", {"cmd": "Page.captureScreenshot",
                                               "params": parameters})
        with open(path, "wb") as file:
            file.write(base64.b64decode(taken["data"]))
