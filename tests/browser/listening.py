"""What a page is to somebody who enlarges it, presses keys only, or has it read aloud."""

from typing import Any

from tests.browser.eyes import Eyes

ZOOMED = {"width": 640, "height": 450}
"""1280 px at 200 %: the browser lays the page out in 640 CSS pixels (WCAG 1.4.4), and 320 is 400 % (1.4.10)."""
LEAST_TARGET, LEAST_ANY = 44, 24

CLIPPED = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
  const style = getComputedStyle(one);
  if (one.closest(".hidden-words, svg, .skip, details:not([open]) > :not(summary)") || !one.textContent.trim()) return false;
  if (!one.getClientRects().length || style.position === "absolute") return false;
  const cut = (axis) => ["hidden", "clip"].includes(style["overflow" + axis]);
  return (cut("X") && one.scrollWidth > one.clientWidth + 1) || (cut("Y") && one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 120))"""

OUTSIDE = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
  if (one.closest(".hidden-words, svg, .skip, details:not([open]) > :not(summary)")) return false;
  const box = one.getBoundingClientRect();
  return one.getClientRects().length && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
}).map((one) => one.outerHTML.slice(0, 120))"""

SMALL = """([most, any]) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].map((one) => {
  const shown = one.type === "radio" || one.type === "checkbox" ? one.closest("label") || one : one;
  const box = shown.getBoundingClientRect();
  if (one.type === "hidden" || !shown.getClientRects().length || one.closest(".hidden-words, .skip")) return null;
  if (box.bottom < 0 || box.width < 2) return null;
  const style = getComputedStyle(one);
  const inText = one.tagName === "A" && style.display.startsWith("inline") && style.display === "inline";
  const least = inText ? 0 : one.matches(".button, button, input, select, textarea, summary, .event, .aid") ? most : any;
  const height = one.matches("input[type=file]") ? shown.closest(".upload").getBoundingClientRect().height : box.height;
  return height + 0.5 < least ? `${Math.round(height)} px: ${one.outerHTML.slice(0, 110)}` : null;
}).filter(Boolean)"""

NAMELESS = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href], summary")]
  .filter((one) => one.getClientRects().length)
  .filter((one) => {
    const labels = [...(one.labels || [])].map((label) => label.textContent).join("");
    const by = (one.getAttribute("aria-labelledby") || "").split(/\\s+/).map((id) => document.getElementById(id)?.textContent).join("");
    const fieldset = one.closest("fieldset")?.querySelector("legend")?.textContent || "";
    const own = ["BUTTON", "A", "SUMMARY"].includes(one.tagName) ? one.textContent : "";
    const name = one.getAttribute("aria-label") || by || labels || own || (one.type === "file" && fieldset) || "";
    return !name.trim();
  }).map((one) => one.outerHTML.slice(0, 120))"""

ORDER = """() => {
  const wrong = [];
  const heads = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((one) => one.getClientRects().length);
  if (document.querySelectorAll("h1").length !== 1) wrong.push(`${document.querySelectorAll("h1").length} h1`);
  const level = (one) => Number(one.tagName[1]);
  heads.forEach((one, at) => { if (at && level(one) > level(heads[at - 1]) + 1)
    wrong.push(`after ${heads[at - 1].textContent.trim().slice(0, 30)} comes ` +
    `h${level(one)} ${one.textContent.trim().slice(0, 30)}`); });
  for (const [role, many] of [["main", 1], ["body > header", 1], ["body > footer", 1]])
    if (document.querySelectorAll(role).length !== many) wrong.push(`${document.querySelectorAll(role).length} × ${role}`);
  const navs = [...document.querySelectorAll("nav")].map((one) => one.getAttribute("aria-label"));
  if (navs.some((name) => !name) || new Set(navs).size !== navs.length) wrong.push(`nav names ${navs}`);
  const skip = document.querySelector("a.skip");
  if (!skip || !document.querySelector(skip.getAttribute("href"))) wrong.push("no skip link");
  if ([...document.querySelectorAll("[tabindex]")].some((one) => one.tabIndex > 0)) wrong.push("tabindex over 0");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) wrong.push(`ids twice: ${twice}`);
  const lost = [...document.querySelectorAll("[aria-describedby], [aria-labelledby]")].flatMap((one) =>
    ((one.getAttribute("aria-describedby") || "") + " " + (one.getAttribute("aria-labelledby") || "")).split(/\\s+/).filter(Boolean))
    .filter((id) => !document.getElementById(id));
  if (lost.length) wrong.push(`described by nothing: ${lost}`);
  return wrong;
}"""


def judge(eyes: Eyes, where: str = "") -> list[str]:
    """Everything that is wrong with the page as it stands, at 200 %, at 320 px and on a phone."""
    page, said = eyes.page, where or eyes.path
    before = page.viewport_size
    found: list[str] = []
    for size in (ZOOMED, {"width": 320, "height": 640}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{said} at {size['width']}: cut off {one}" for one in page.evaluate(CLIPPED)]
        found += [f"{said} at {size['width']}: outside {one}" for one in page.evaluate(OUTSIDE)[-2:]]
    page.set_viewport_size({"width": 390, "height": 844})
    found += [f"{said}: small {one}" for one in page.evaluate(SMALL, [LEAST_TARGET, LEAST_ANY])]
    found += [f"{said}: no name {one}" for one in page.evaluate(NAMELESS)]
    found += [f"{said}: {one}" for one in page.evaluate(ORDER)]
    page.set_viewport_size(before)  # type: ignore[arg-type]
    return found


def tabbed(eyes: Eyes, most: int = 200) -> list[dict[str, Any]]:
    """What the Tab key reaches, in its order, with place and whether the focus can be seen."""
    page = eyes.page
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    reached: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        one = page.evaluate(FOCUSED)
        if one is None or (reached and one["at"] == reached[0]["at"]):
            break
        reached.append(one)
    return reached


FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ring = one.matches("input[type=radio], input[type=checkbox]") ? one.closest("label") || one : one;
  const seen = [one, ring].some((each) => { const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2; });
  const all = [...document.querySelectorAll("*")];
  return {at: all.indexOf(one), tag: one.tagName, name: (one.textContent || one.name || "").trim().slice(0, 40), seen};
}"""
