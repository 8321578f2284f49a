from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pixverse_gui.core import errors
from pixverse_gui.core.envelope import CODES, Answer, clean_text, read_balance, read_upload, retry_after_s
from pixverse_gui.core.errors import ApiError
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Balance, UploadResult
from pixverse_gui.core.scrubbing import Scrubber

LIMITS = Limits()
NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
LINK = "https://media.pixverse.ai/openapi%2Fx_auto.jpg"
HTML = b"<!DOCTYPE html><html><body>Sign in</body></html>"


def answer(value: Any, status: int = 200, **changes: Any) -> Answer:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return replace(Answer(status, body, "trace-1", "application/json", now=NOW), **changes)


def success(img_id: Any = 5, **fields: Any) -> dict[str, Any]:
    return {"ErrCode": 0, "ErrMsg": "success", "Resp": {"img_id": img_id, "img_url": LINK, **fields}}


def upload(value: Any, status: int = 200, **changes: Any) -> UploadResult:
    return read_upload(answer(value, status, **changes), LIMITS)


def refusal(value: Any, status: int = 200, **changes: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        upload(value, status, **changes)
    return caught.value


# --- success ---


@pytest.mark.parametrize(
    ("img_id", "text"),
    [
        (1, "1"),
        (302325299692608, "302325299692608"),
        (2**53 + 1, "9007199254740993"),
        (2**64 - 1, "18446744073709551615"),
        ("302325299692608", "302325299692608"),
        ("18446744073709551615", "18446744073709551615"),
    ],
)
def test_an_id_is_kept_as_text_to_its_last_digit(img_id: Any, text: str) -> None:
    assert upload(success(img_id)) == UploadResult(text, LINK)


@pytest.mark.parametrize(
    "img_id",
    [
        0,
        -1,
        2**64,
        True,
        False,
        1.0,
        1e15,
        None,
        "",
        "0",
        "007",
        "1.0",
        "-1",
        " 1",
        "1\n",
        "\u0661",
        "x" * 30,
        str(2**64),
    ],
)
def test_what_is_not_an_id_is_never_taken_for_one(img_id: Any) -> None:
    error = refusal(success(img_id))
    assert isinstance(error, errors.UnexpectedAnswerError)
    assert error.params == {"reason": "no_id"}
    assert error.maybe_stored


@pytest.mark.parametrize("value", [{}, None, [], "text", 5, [{"img_id": 5}]])
def test_a_success_without_an_object_has_no_id(value: Any) -> None:
    assert refusal({"ErrCode": 0, "Resp": value}).params == {"reason": "no_id"}


@pytest.mark.parametrize(
    "value",
    [
        success(5, ImgID=6),
        b'{"ErrCode":0,"Resp":{"img_id":5,"img_id":6}}',
        {**success(5), "resp": {"img_id": 6}},
        b'{"ErrCode":0,"Resp":{"img_id":5},"Resp":{"img_id":6}}',
        {**success(5), "resp": {"img_id": None}},
    ],
)
def test_two_different_ids_in_one_answer_are_none(value: Any) -> None:
    assert refusal(value).params == {"reason": "no_id"}


@pytest.mark.parametrize(
    "value",
    [success(5, ImgID="5"), {**success(5), "resp": {"img_id": "5"}}, {"resp": None, **success(5)}],
)
def test_the_same_id_said_twice_is_one(value: Any) -> None:
    assert upload(value) == UploadResult("5", LINK)


@pytest.mark.parametrize(
    "value",
    [
        {"ErrCode": 0, "Resp": {"img_id": 5, "img_url": LINK}},
        {"err_code": 0, "err_msg": "ok", "resp": {"ImgID": 5, "ImgUrl": LINK}},
        {"ERR_CODE": "0", "RESP": {"IMGID": "5", "IMG_URL": LINK}},
        {"request_id": "r", "ErrCode": 0, "ErrMsg": None, "Resp": {"img_id": 5, "img_url": LINK, "extra": [1]}},
    ],
)
def test_keys_are_found_in_any_spelling_and_extra_ones_are_ignored(value: Any) -> None:
    assert upload(value) == UploadResult("5", LINK)


@pytest.mark.parametrize("status", [200, 201, 299])
def test_every_2xx_is_a_success(status: int) -> None:
    assert upload(success(), status).img_id == "5"


def test_a_byte_order_mark_does_not_matter() -> None:
    assert upload(b"\xef\xbb\xbf" + json.dumps(success()).encode()).img_id == "5"


@pytest.mark.parametrize(
    "link",
    [None, 7, "", "https://x/\n", "https://x/\u202e", "https://x/\ud800", "https://x/" + "a" * 5000, "https://x/sk-1"],
)
def test_a_link_that_could_not_be_kept_or_shown_is_left_out(link: Any) -> None:
    assert upload(success(img_url=link), scrub=lambda text: text.replace("sk-1", "****")) == UploadResult("5", "")


# --- refusals by code ---


@pytest.mark.parametrize(
    ("code", "kind", "params"),
    [
        *((code, errors.AccountRefusedError, {"reason": "key"}) for code in range(10001, 10006)),
        (400012, errors.AccountRefusedError, {"reason": "account"}),
        (500020, errors.AccountRefusedError, {"reason": "permission"}),
        (500090, errors.AccountRefusedError, {"reason": "balance"}),
        (400011, errors.RejectedImageError, {"reason": "parameter"}),
        (400013, errors.RejectedImageError, {"reason": "parameter"}),
        (400017, errors.RejectedImageError, {"reason": "parameter"}),
        (500030, errors.RejectedImageError, {"reason": "size"}),
        (500031, errors.RejectedImageError, {"reason": "format"}),
        (500032, errors.RejectedImageError, {"reason": "format"}),
        (500033, errors.RejectedImageError, {"reason": "dimensions"}),
        (500042, errors.RejectedImageError, {"reason": "parameter"}),
        (500041, errors.ServerError, {}),
        (500100, errors.ServerError, {}),
        (99999, errors.ServerError, {}),
        (500052, errors.ContentRefusedError, {}),
        (500054, errors.ContentRefusedError, {}),
        (500063, errors.ContentRefusedError, {}),
        (500044, errors.RateLimitedError, {}),
        (500069, errors.RateLimitedError, {}),
        (500064, errors.UnknownApiError, {"api_code": 500064}),
        (-1, errors.UnknownApiError, {"api_code": -1}),
        (31337, errors.UnknownApiError, {"api_code": 31337}),
    ],
)
@pytest.mark.parametrize("shape", ["camel", "snake", "text code", "status 500"])
def test_every_code_means_the_same_in_every_shape(
    code: int, kind: type[ApiError], params: dict[str, Any], shape: str
) -> None:
    value: dict[str, Any] = {"ErrCode": code, "ErrMsg": "no", "Resp": None}
    if shape == "snake":
        value = {"err_code": code, "err_msg": "no", "resp": ""}
    elif shape == "text code":
        value["ErrCode"] = str(code)
    error = refusal(value, 500 if shape == "status 500" else 200)
    assert type(error) is kind
    assert error.params == params
    assert error.facts == errors.AnswerFacts(500 if shape == "status 500" else 200, code, "no", "trace-1")
    assert not error.maybe_stored


def test_every_code_of_the_table_is_tested_above() -> None:
    tested = next(mark for mark in test_every_code_means_the_same_in_every_shape.pytestmark if len(mark.args[1]) > 10)
    assert set(CODES) <= {case[0] for case in tested.args[1]}


@pytest.mark.parametrize("code", [500031, 500042])
def test_a_link_that_could_not_be_read_is_not_called_a_bad_picture(code: int) -> None:
    assert isinstance(refusal({"ErrCode": code}, for_link=True), errors.RemoteFetchError)


def test_a_refusal_by_moderation_as_the_upload_page_shows_it() -> None:
    error = refusal({"err_code": 500052, "err_msg": "\u56fe\u7247\u5ba1\u6838\u672a\u901a\u8fc7", "resp": ""}, 500)
    assert isinstance(error, errors.ContentRefusedError)
    assert error.facts.server_text == "\u56fe\u7247\u5ba1\u6838\u672a\u901a\u8fc7"


@pytest.mark.parametrize(
    "value",
    [
        {**success(), "err_code": 500052},
        {"err_code": 500052, **success()},
        b'{"ErrCode":0,"ErrCode":500052,"Resp":{"img_id":5}}',
        {"ErrCode": 77, "err_code": 500052},
    ],
)
def test_where_an_answer_says_both_the_error_counts(value: Any) -> None:
    assert isinstance(refusal(value), errors.ContentRefusedError)


@pytest.mark.parametrize("code", [True, 1.5, "x", "1e3", [], {}, 2**31, "\u0661", "-0", "-00", "+0", "0\n"])
def test_a_code_that_cannot_be_understood_breaks_the_contract(code: Any) -> None:
    error = refusal({"ErrCode": code, "Resp": {"img_id": 5}})
    assert isinstance(error, errors.UnexpectedAnswerError)
    assert error.params == {"reason": "shape"}
    assert error.maybe_stored


def test_no_code_at_all_is_no_success() -> None:
    assert refusal({"Resp": {"img_id": 5}}).params == {"reason": "shape"}
    assert refusal({"ErrCode": None, "Resp": {"img_id": 5}}).params == {"reason": "shape"}


# --- refusals by status ---


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 399])
@pytest.mark.parametrize("value", [b"", success(), HTML])
def test_every_redirect_is_refused_whatever_it_says(status: int, value: Any) -> None:
    error = refusal(value, status)
    assert isinstance(error, errors.RedirectRefusedError)
    assert not error.maybe_stored


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", [b"", success(), HTML, {"ErrCode": 10005}])
def test_429_and_503_mean_busy_whatever_they_say(status: int, value: Any) -> None:
    error = refusal(value, status, retry_after="7")
    assert isinstance(error, errors.RateLimitedError)
    assert error.retry_after_s == 7
    assert not error.maybe_stored


def test_a_busy_code_has_a_wait_of_its_own_unless_the_header_says_one() -> None:
    error = refusal({"ErrCode": 500044})
    assert isinstance(error, errors.RateLimitedError)
    assert error.retry_after_s == 60
    error = refusal({"ErrCode": 500069}, retry_after="9")
    assert isinstance(error, errors.RateLimitedError)
    assert error.retry_after_s == 9


@pytest.mark.parametrize(
    ("status", "kind", "params"),
    [
        (401, errors.AccountRefusedError, {"reason": "key"}),
        (403, errors.AccountRefusedError, {"reason": "permission"}),
        (407, errors.AccountRefusedError, {"reason": "proxy"}),
        (413, errors.RejectedImageError, {"reason": "size"}),
        (415, errors.RejectedImageError, {"reason": "format"}),
    ],
)
@pytest.mark.parametrize("value", [b"", b"no", {"detail": "no"}, {"ErrCode": 31337}])
def test_a_status_that_says_no_by_itself(status: int, kind: type[ApiError], params: dict[str, str], value: Any) -> None:
    error = refusal(value, status, content_type="text/plain")
    assert type(error) is kind
    assert error.params == params
    assert not error.maybe_stored


def test_a_known_code_says_it_better_than_the_status() -> None:
    assert isinstance(refusal({"ErrCode": 500052}, 403), errors.ContentRefusedError)


@pytest.mark.parametrize(
    ("status", "maybe_stored"), [(200, True), (403, False), (404, False), (500, True), (502, True)]
)
@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/json", ""])
def test_a_page_means_that_something_in_between_answered(status: int, maybe_stored: bool, content_type: str) -> None:
    error = refusal(HTML, status, content_type=content_type)
    assert isinstance(error, errors.InterceptedError)
    assert error.maybe_stored is maybe_stored


@pytest.mark.parametrize(
    ("status", "kind"), [(401, "account_refused"), (407, "account_refused"), (413, "rejected_image")]
)
def test_these_statuses_mean_the_same_on_a_page(status: int, kind: str) -> None:
    assert refusal(HTML, status).code == kind


@pytest.mark.parametrize("status", [500, 502, 504, 520, 408])
@pytest.mark.parametrize("value", [b"", b"bad gateway", {}, success(), {"ErrCode": "x"}])
def test_a_server_fault_without_a_code_may_have_stored_the_picture(status: int, value: Any) -> None:
    error = refusal(value, status, content_type="text/plain")
    assert type(error) is errors.ServerError
    assert error.maybe_stored
    assert error.facts.api_code is None


@pytest.mark.parametrize("status", [400, 404, 409, 422])
@pytest.mark.parametrize("value", [b"", {}, success()])
def test_another_4xx_breaks_the_contract_and_stored_nothing(status: int, value: Any) -> None:
    error = refusal(value, status)
    assert type(error) is errors.UnexpectedAnswerError
    assert not error.maybe_stored


# --- bodies that cannot be understood ---


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b"success", "not_json"),
        (b'{"ErrCode": 0, "Resp": {"img_id"', "not_json"),
        (b"[" * 200_000, "not_json"),
        (b'{"a":' * 100_000, "not_json"),
        (b'{"ErrCode": ' + b"9" * 6000 + b"}", "not_json"),
        (b'{"ErrCode": NaN}', "not_json"),
        (b'{"ErrCode": Infinity}', "not_json"),
        (json.dumps(success()).encode("utf-16"), "encoding"),
        (b'{"ErrMsg": "\xff"}', "encoding"),
        (b"[]", "shape"),
        (b"null", "shape"),
        (b'"ErrCode"', "shape"),
        (b"{}", "shape"),
    ],
    ids=range(14),
)
def test_nonsense_breaks_the_contract_and_is_never_a_result(body: bytes, reason: str) -> None:
    error = refusal(body)
    assert type(error) is errors.UnexpectedAnswerError
    assert error.params == {"reason": reason}
    assert error.maybe_stored


@pytest.mark.parametrize("unread", ["too_large", "encoding"])
def test_a_body_that_was_not_taken_says_why(unread: str) -> None:
    assert refusal(b"", unread=unread).params == {"reason": unread}


def test_of_an_answer_that_is_not_json_the_start_is_kept() -> None:
    assert refusal(b"upstream\x00 broke  " + b"x" * 900, 502).facts.server_text == "upstream broke " + "x" * 185


# --- text ---


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Success", "Success"),
        ("a\r\nb\tc\x00d\x1b[31me", "a b c d [31me"),
        ("right\u202eleft\u2066x\u200f", "right left x"),
        ("half\ud800half", "half half"),
        ("zero\u200bwidth\ufeff", "zero width"),
        ("\u56fe\u7247 ok \U0001f600", "\u56fe\u7247 ok \U0001f600"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("x" * 1000, "x" * 300),
    ],
)
def test_server_text_is_one_line_without_anything_unseen(text: str, clean: str) -> None:
    assert clean_text(text) == clean


ECHOED = "sk-0123/45+67"


@pytest.mark.parametrize(
    "text",
    [
        f"your key {ECHOED} is bad",
        ECHOED + ECHOED,
        "x" * 290 + ECHOED,
        "percent: sk-0123%2F45%2B67",
        r"escaped: sk-0123\/45+67",
        "in base64: " + base64.b64encode(ECHOED.encode()).decode(),
        "in base64: " + base64.b64encode(b"key " + ECHOED.encode()).decode(),
        "hexadecimal: " + ECHOED.encode().hex(),
    ],
)
def test_an_echoed_key_is_cut_out(text: str) -> None:
    scrub = Scrubber()
    scrub.register(ECHOED)
    clean = clean_text(text, scrub)
    assert "****" in clean
    assert not any(form in clean for form in ("0123", "MDEyMy80NSs2", "3132332f"))


@given(st.text())
def test_clean_text_can_always_be_stored(text: str) -> None:
    clean = clean_text(text)
    assert clean.encode("utf-8").decode() == clean
    assert len(clean) <= 300
    assert "\n" not in clean


# --- Retry-After ---


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("9" * 10, 120.0),
        ("9" * 5_000, 120.0),
        ("0" * 12 + "7", 7.0),
        ("0", 1.0),
        (" 7 ", 7.0),
        ("999999", 120.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 1.0),
        ("Sun, 22 Nov 2099 12:00:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 12:00:30 -0000", 30.0),
        ("Sun, 99 Nov 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_bounds(text: str, seconds: float | None) -> None:
    assert retry_after_s(text, NOW, LIMITS) == seconds


@given(st.text(max_size=40))
def test_nonsense_in_retry_after_never_raises(text: str) -> None:
    seconds = retry_after_s(text, NOW, LIMITS)
    assert seconds is None or 1 <= seconds <= 120


# --- balance ---


def balance(**fields: Any) -> Balance:
    return read_balance(answer({"ErrCode": 0, "ErrMsg": "success", "Resp": fields}), LIMITS)


@pytest.mark.parametrize(
    ("fields", "credits_left"),
    [
        ({"credit_monthly": 1069020, "credit_package": 3630}, 1072650),
        ({"credit_monthly": "10", "credit_package": 5}, 15),
        ({"credit_monthly": 10}, 10),
        ({"credit_package": 0, "credit_monthly": None}, 0),
        ({"CreditMonthly": 10.9, "CreditPackage": 1}, 11),
    ],
)
def test_plan_and_bought_credits_count_together(fields: dict[str, Any], credits_left: int) -> None:
    assert balance(account_id=123452341, **fields) == Balance("123452341", credits_left)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "no_id"),
        ({"account_id": 0, "credit_monthly": 1}, "no_id"),
        ({"account_id": True, "credit_monthly": 1}, "no_id"),
        ({"account_id": 5}, "shape"),
        ({"account_id": 5, "credit_monthly": True, "credit_package": "many"}, "shape"),
        ({"account_id": 5, "balance": 100}, "shape"),
    ],
)
def test_a_balance_without_its_fields_breaks_the_contract(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(errors.UnexpectedAnswerError) as caught:
        balance(**fields)
    assert caught.value.params == {"reason": reason}
    assert not caught.value.maybe_stored


def test_a_huge_number_of_credits_is_no_number() -> None:
    with pytest.raises(errors.UnexpectedAnswerError):
        read_balance(answer(b'{"ErrCode":0,"Resp":{"account_id":5,"credit_monthly":1e999}}'), LIMITS)


# --- anything ---

NAMES = st.sampled_from(["ErrCode", "err_code", "ErrMsg", "Resp", "resp", "img_id", "imgId", "img_url", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(NAMES, children, max_size=5),
    max_leaves=12,
)


def judged(one: Answer) -> UploadResult | None:
    try:
        result = read_upload(one, LIMITS)
    except ApiError as error:
        error.record()
        error.facts.server_text.encode("utf-8")
        return None
    assert result.img_id == str(int(result.img_id))
    assert 0 < int(result.img_id) < 2**64
    result.img_url.encode("utf-8")
    return result


@given(value=JSON, status=st.integers(100, 999))
def test_any_json_ends_as_a_result_or_as_an_api_error(value: Any, status: int) -> None:
    result = judged(answer(json.dumps(value).encode(), status))
    assert result is None or 200 <= status < 300


@settings(max_examples=300)
@given(data=st.data())
def test_a_damaged_success_is_a_well_formed_result_or_an_error(data: st.DataObject) -> None:
    body = bytearray(json.dumps(success(2**53 + 1)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        where = data.draw(st.integers(0, len(body) - 1))
        body[where : where + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    judged(answer(bytes(body)))
