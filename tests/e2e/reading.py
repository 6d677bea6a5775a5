"""What a browser says of a page that axe does not: zoom, focus, names, movement (docs/rgaa.md)."""

from playwright.sync_api import Page

NAMED_ROLES = {
    *("link", "button", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio"),
    *("heading", "image", "img", "table", "navigation"),
    *("menuitem", "option", "slider", "spinbutton", "switch", "tab", "dialog", "progressbar"),
}
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  if (element.localName === 'iframe') return {html: '', ring: true, seen: true};  // its own ring
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return {
    html: element.outerHTML.slice(0, 120),
    ring: ring || style.boxShadow !== 'none',
    seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0
      && box.left < innerWidth && box.top < innerHeight,
  };
}"""
TEXT_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
LARGE_TEXT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('html { font-size: 200% !important }');
  document.adoptedStyleSheets = [sheet];
}"""
CLIPPED = """() => [...document.querySelectorAll('main *, header *')].filter(one => {
  const style = getComputedStyle(one);
  return ['hidden', 'clip'].includes(style.overflowY) && one.clientHeight > 4
    && style.position !== 'absolute' && one.scrollHeight > one.clientHeight + 2 && one.innerText;
}).map(one => one.outerHTML.slice(0, 120))"""
MOVING = """() => document.getAnimations().filter(one => one.playState === 'running'
  && one.effect.getComputedTiming().duration > 1).map(one => one.effect.target.className)"""
LONG_MOVES = """() => document.getAnimations().filter(one =>
  one.effect.getComputedTiming().endTime > 5000).map(one => one.effect.target.className)"""
MOST_TABS = 400


def scrolls_sideways(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width}: {wide} px wide"] if wide > width else []


def with_spaced_text(page: Page) -> list[str]:
    page.evaluate(TEXT_SPACING)
    found = [*scrolls_sideways(page, 390), *page.evaluate(CLIPPED)]
    page.evaluate("document.adoptedStyleSheets = []")
    return [f"spaced text: {one}" for one in found]


def with_large_text(page: Page) -> list[str]:
    """The text alone at 200 %, in a window that keeps its size."""
    page.evaluate(LARGE_TEXT)
    found = [*scrolls_sideways(page, 1280), *scrolls_sideways(page, 1024)]
    page.evaluate("document.adoptedStyleSheets = []")
    return [f"large text: {one}" for one in found]


def without_visible_focus(page: Page) -> list[str]:
    """Every stop of the Tab key, from the start of the page to its end."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.activeElement.blur()")
    found, stops = [], 0
    for _stop in range(MOST_TABS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        stops += 1
        if not (stop["ring"] and stop["seen"]):
            found.append(f"no visible focus: {stop['html']}")
    return found if stops else ["nothing takes the focus"]


def without_a_name(page: Page) -> list[str]:
    """What a screen reader would announce without a name, by the accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    found = []
    for node in nodes:
        role = node.get("role", {}).get("value", "")
        if node["ignored"] or role not in NAMED_ROLES:
            continue
        if not node.get("name", {}).get("value", "").strip():
            found.append(f"{role} without a name")
    return found


def moving(page: Page) -> list[str]:
    return [f"moves although motion is reduced: {one}" for one in page.evaluate(MOVING)]
