package io.millrace.jobs.dimensions;

import io.millrace.domain.dimension.Dimension;
import io.millrace.jobs.kit.Columns;

/** {@code lake.dim_…}; a row that goes is written whole, as in {@code lake.sessions}. */
public final class DimensionColumns {
  private DimensionColumns() {}

  public static Columns<VersionChange> of(Dimension dimension) {
    Columns<VersionChange> columns =
        new Columns<VersionChange>()
            .kind(VersionChange::rowKind)
            .text("tenant", c -> c.version.row.tenant)
            .text("id", c -> c.version.row.id);
    switch (dimension) {
      case LINKS ->
          columns
              .text("owner_id", c -> c.version.row.ownerId)
              .text("title", c -> c.version.row.title)
              .text("url", c -> c.version.row.url)
              .text("custom_domain", c -> c.version.row.customDomain)
              .text("campaign", c -> c.version.row.campaign)
              .optionalNumber("spend_cents", c -> c.version.row.spendCents)
              .text("currency", c -> c.version.row.currency);
      case PRODUCTS ->
          columns
              .text("owner_id", c -> c.version.row.ownerId)
              .text("title", c -> c.version.row.title)
              .text("url", c -> c.version.row.url)
              .optionalNumber("price_cents", c -> c.version.row.priceCents)
              .text("currency", c -> c.version.row.currency);
      case PROFILES ->
          columns
              .text("owner_id", c -> c.version.row.ownerId)
              .text("title", c -> c.version.row.title)
              .text("username", c -> c.version.row.username)
              .text("url", c -> c.version.row.url)
              .text("custom_domain", c -> c.version.row.customDomain);
      case OWNERS ->
          columns
              .text("name", c -> c.version.row.name)
              .text("plan", c -> c.version.row.plan)
              .text("custom_domain", c -> c.version.row.customDomain);
    }
    return columns
        .text("attributes", c -> c.version.row.attributes)
        .optionalTime("created_at", c -> c.version.row.createdAt)
        .optionalTime("updated_at", c -> c.version.row.updatedAt)
        .time("valid_from", c -> c.version.validFrom)
        .optionalTime("valid_to", c -> c.version.validTo);
  }
}
