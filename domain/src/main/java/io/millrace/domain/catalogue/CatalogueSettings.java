package io.millrace.domain.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * How strictly one tenant's events are checked, and against which types of its own. As JSON: {@code
 * {"mode":"strict","types":{"quiz_answered":{"description":"…","schema":{"type":"object",…}}}}}.
 *
 * @param mode {@link CatalogueMode#LENIENT} when left out
 * @param types the tenant's own types by name, in the form of {@code "types"} in the catalogue's
 *     files; none when left out
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CatalogueSettings(CatalogueMode mode, Map<String, JsonNode> types) {
  public static final CatalogueSettings DEFAULTS = new CatalogueSettings(null, null);

  public CatalogueSettings {
    mode = mode == null ? CatalogueMode.LENIENT : mode;
    types = types == null ? Map.of() : Map.copyOf(types);
  }
}
