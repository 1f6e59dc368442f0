from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall_analytics.enrich.campaigns import CLICK_IDS, NO_CAMPAIGN, Utm, campaign_of


def test_every_parameter_of_a_campaign() -> None:
    query = "page=2&utm_source=news&utm_medium=email&utm_campaign=spring&utm_term=red+shoes&utm_content=top%20link"
    assert campaign_of(query) == Utm("news", "email", "spring", "red shoes", "top link")


@pytest.mark.parametrize("query", ["", "a=b", "outm_source=x", "&&&", "=", "utm_=1"])
def test_a_link_without_a_campaign(query: str) -> None:
    assert campaign_of(query) == NO_CAMPAIGN


def test_the_first_value_that_says_something_counts() -> None:
    assert campaign_of("utm_source=&utm_source=one&utm_source=two").source == "one"


def test_names_in_any_case() -> None:
    assert campaign_of("UTM_Source=One").source == "One"


@pytest.mark.parametrize("name", CLICK_IDS)
def test_of_a_click_only_the_parameter_is_kept(name: str) -> None:
    assert campaign_of(f"{name}=Cj0KCQjw-personal") == Utm(click_id=name)


def test_a_click_without_an_id_is_none() -> None:
    assert campaign_of("gclid=") == NO_CAMPAIGN


def test_control_characters_are_left_out_and_bad_bytes_replaced() -> None:
    assert campaign_of("utm_source=a%00b%0Ac%FF").source == "abc\ufffd"


def test_values_and_queries_are_bounded() -> None:
    assert campaign_of(f"utm_source={'x' * 9000}").source == "x" * 128
    assert campaign_of("a=b&" * 100 + "utm_source=x") == NO_CAMPAIGN
    assert campaign_of("a" * 5000 + "&utm_source=x") == NO_CAMPAIGN


@given(st.text(max_size=300))
def test_no_query_raises(query: str) -> None:
    assert isinstance(campaign_of(f"utm_source={query}&gclid={query}"), Utm)
