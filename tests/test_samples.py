"""Every output of every sample equals the file beside it (`make golden` rewrites them)."""

import json

import jsonschema
import pydantic
import pytest
from packaging.version import Version

import golden
from json_schemas import schemas


@pytest.mark.parametrize("sample", golden.samples())
def test_outputs_are_as_expected(sample):
    found = dict(golden.outputs(sample))

    assert sorted(found) == sorted((golden.SAMPLES / sample / "expected").iterdir())
    for path, text in found.items():
        assert text == path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("sample", golden.samples())
def test_json_keeps_its_promise(sample):
    for path in sorted(golden.SCHEMAS.glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        for output in sorted((golden.SAMPLES / sample / "expected").glob(f"{path.stem}-*.json")):
            jsonschema.validate(json.loads(output.read_text(encoding="utf-8")), schema)


@pytest.mark.skipif(
    Version(pydantic.VERSION) < Version("2.14"),
    reason="`make golden` makes the schemas with pydantic 2.14 or later, which hands a configuration on to plain dataclasses",
)
def test_the_schemas_are_those_that_the_models_give():
    published = {path.stem: path.read_text(encoding="utf-8") for path in golden.SCHEMAS.glob("*.json")}

    assert published == schemas()


@pytest.mark.parametrize("sample", golden.samples())
def test_text_fits_80_columns(sample):
    for path in sorted((golden.SAMPLES / sample / "expected").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert len(line) <= 80, (path, line)
