"""Takes the README's pictures from a running demonstration: make_pictures.py http://127.0.0.1:8000"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

OUT = Path(__file__).resolve().parents[1] / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = {
    "leaderboard": "competitions/classification/leaderboard/",
    "competition": "competitions/classification/",
    "wall": "c/classification/wall",
}


def main(server: str) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1100, "height": 700})
        for name, path in PAGES.items():
            page.goto(f"{server.rstrip('/')}/{path}")
            page.screenshot(path=OUT / f"{name}.png")
            print(OUT / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
