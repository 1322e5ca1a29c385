package io.millrace.domain.hot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopRulesTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "all, all, -",
        "page, /a, page",
        "campaign, spring, campaign",
        "variant, price/b, variant",
        "entity, product/sku-1, entity.product",
        "entity, link/a/b, entity.link",
        "entity, ticket/7, entity.other",
        "entity, /7, entity.other",
        "entity, cut, entity.other"
      })
  void valuesCompeteWithThoseOfTheirGroupingAndEntitiesWithThoseOfTheirType(
      String grouping, String value, String list) {
    assertThat(TopRules.list(grouping, value)).isEqualTo(list);
  }
}
