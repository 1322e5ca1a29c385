package io.millrace.domain.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryStringTest {
  @ParameterizedTest
  @CsvSource({
    "spring+sale, spring sale",
    "spring%20sale, spring sale",
    "%D8%A7%D8%AA%D9%88, اتو",
    "100%, 100%",
    "%zz%4, %zz%4",
    "%u0041, %u0041",
    "%E4, \uFFFD",
    "a%00b, a\uFFFDb",
    "%4١, %4١"
  })
  void decodesWhatCanBeDecoded(String raw, String text) {
    assertThat(QueryString.decode(raw)).isEqualTo(text);
  }

  @Test
  void givesEveryParameterInOrder() {
    List<String> seen = new ArrayList<>();

    QueryString.forEach("a=1&&b&c=x=y&%61=2&=z", (name, value) -> seen.add(name + ':' + value));

    assertThat(seen).containsExactly("a:1", "b:", "c:x=y", "a:2", ":z");
  }

  @ParameterizedTest
  @CsvSource({"a, 1 2", "b, ''", "c, x=y", "A,", "d,"})
  void findsTheFirstParameterOfAName(String name, String value) {
    assertThat(QueryString.first("%61=1+2&b&c=x%3Dy&a=3", name)).isEqualTo(value);
  }
}
