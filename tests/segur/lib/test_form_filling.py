import pytest

from segur.lib.form_filling import fill

PAGE = "/a/b/"


def filled(inside, typed, *, opening='<form method="post">', action=PAGE):
    return fill(
        f"<p>&eacute;&#39;</p>{opening}{inside}</form>", path=PAGE, action=action, typed=typed
    )


FIELDS = [
    ('<input name="x">', '<input name="x" value="a&lt;&quot;">', ['a<"']),
    ('<input name="x" value="old">', '<input name="x" value="new">', ["new"]),
    ('<input name="y" value="old">', '<input name="y" value="old">', ["new"]),
    ('<input type="hidden" name="x" value="1">', '<input type="hidden" name="x" value="2">', ["2"]),
    ('<input type="password" name="x">', '<input type="password" name="x">', ["secret"]),
    ('<input type="file" name="x">', '<input type="file" name="x">', ["a.pdf"]),
    (
        '<input type="radio" name="x" value="1" checked><input type="radio" name="x" value="2">',
        '<input type="radio" name="x" value="1"><input type="radio" name="x" value="2" checked>',
        ["2"],
    ),
    ('<input type="checkbox" name="x">', '<input type="checkbox" name="x" checked>', ["on"]),
    (
        '<select name="x"><option value="">-<option value="1" selected>A</select>',
        '<select name="x"><option value="" selected>-<option value="1">A</select>',
        [""],
    ),
    (
        '<textarea name="x">\nold &amp; old</textarea><b>&amp;</b>',
        '<textarea name="x">\n&lt;/textarea&gt;\nb</textarea><b>&amp;</b>',
        ["</textarea>\nb"],
    ),
    (
        '<input name="x"><input name="x">',
        '<input name="x" value="1"><input name="x" value="2">',
        ["1", "2"],
    ),
]


@pytest.mark.parametrize(("inside", "expected", "values"), FIELDS)
def test_each_field_takes_what_was_typed_and_the_rest_of_the_page_stays(inside, expected, values):
    assert filled(inside, {"x": values}) == (
        f'<p>&eacute;&#39;</p><form method="post">{expected}</form>'
    )


@pytest.mark.parametrize(
    ("opening", "action", "is_filled"),
    [
        ('<form method="post">', PAGE, True),
        ('<form method="POST" action="">', PAGE, True),
        ('<form method="post" action="/a/c/?next=1">', "/a/c/", True),
        ('<form method="post" action="../c/">', "/a/c/", True),
        ('<form method="post" action="/a/c/">', PAGE, False),
        ('<form method="get">', PAGE, False),
        ("<form>", PAGE, False),
    ],
)
def test_the_form_is_the_one_that_posts_there(opening, action, is_filled):
    page = filled('<input name="x">', {"x": ["1"]}, opening=opening, action=action)
    assert ('value="1"' in page) is is_filled
    assert bool(page) is is_filled


def test_only_the_first_such_form_is_filled():
    form = '<form method="post"><input name="x"></form>'
    page = fill(form + form, path=PAGE, action=PAGE, typed={"x": ["1", "2"]})
    assert page == form.replace("<input", "<input").replace('"x">', '"x" value="1">') + form
