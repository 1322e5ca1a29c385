package io.millrace.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps the declaration file in step with the catalogue. */
class TypeScriptTypesTest {
  private static final Path FILE =
      Path.of("src/main/resources/io/millrace/domain/catalogue/event-properties.d.ts");

  @Test
  void theDeclarationFileIsThatOfTheCatalogue() throws IOException {
    Path made = Path.of("target", "event-properties.d.ts");
    Files.writeString(made, TypeScriptTypes.of(Catalogue.builtIn()));

    assertThat(FILE)
        .as("copy domain/%s to domain/%s after a change of the catalogue", made, FILE)
        .hasSameTextualContentAs(made);
  }

  @Test
  void writesEveryKindOfProperty() {
    assertThat(TypeScriptTypes.of(Catalogue.builtIn()))
        .contains(
            """
            /** The visitor has scrolled past a milestone. */
            export interface ScrollProperties {
              /** How far, in percent of the page */
              percent?: number;
              /** The milestone that was passed, in percent */
              milestone?: 10 | 25 | 50 | 75 | 90 | 100;
              /** Which way */
              direction?: "down" | "up";
              [property: string]: unknown;
            }
            """,
            """
              /** The products' ids */
              productIds?: Array<string>;
            """,
            "  page_view: PageViewProperties;\n",
            "export type EventType = keyof EventProperties;\n");
  }
}
