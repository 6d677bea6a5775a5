import hashlib

from segur.lib.canonical import canonical, digest


def test_the_canonical_form_depends_on_the_content_alone():
    one = canonical({"b": 1, "a": {"d": "é", "c": [True, None]}})
    other = canonical({"a": {"c": [True, None], "d": "é"}, "b": 1})
    assert one == other == '{"a":{"c":[true,null],"d":"é"},"b":1}'.encode()


def test_the_digest_is_that_of_the_canonical_bytes():
    receipt = {"numero": "REC-2027-000001"}
    assert digest(receipt) == hashlib.sha256(b'{"numero":"REC-2027-000001"}').hexdigest()
