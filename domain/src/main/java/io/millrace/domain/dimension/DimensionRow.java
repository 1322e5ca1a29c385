package io.millrace.domain.dimension;

import java.util.Objects;

/**
 * A row of a source table: what all dimensions know, of which each has a part. A Flink POJO: fields
 * are public, and set once.
 */
public final class DimensionRow {
  public String tenant;
  public String id;

  /** Null, as everything below, where the table has no such column or the row no value. */
  public String ownerId;

  public String title;
  public String name;
  public String username;
  public String url;
  public String customDomain;
  public String campaign;
  public Long spendCents;
  public Long priceCents;
  public String currency;
  public String plan;

  /** Epoch ms. */
  public Long createdAt;

  /** Epoch ms. */
  public Long updatedAt;

  /** The columns that are not above, as a JSON object with sorted names; null without any. */
  public String attributes;

  @Override
  public boolean equals(Object other) {
    return other instanceof DimensionRow row
        && Objects.equals(tenant, row.tenant)
        && Objects.equals(id, row.id)
        && Objects.equals(ownerId, row.ownerId)
        && Objects.equals(title, row.title)
        && Objects.equals(name, row.name)
        && Objects.equals(username, row.username)
        && Objects.equals(url, row.url)
        && Objects.equals(customDomain, row.customDomain)
        && Objects.equals(campaign, row.campaign)
        && Objects.equals(spendCents, row.spendCents)
        && Objects.equals(priceCents, row.priceCents)
        && Objects.equals(currency, row.currency)
        && Objects.equals(plan, row.plan)
        && Objects.equals(createdAt, row.createdAt)
        && Objects.equals(updatedAt, row.updatedAt)
        && Objects.equals(attributes, row.attributes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, id);
  }

  @Override
  public String toString() {
    return tenant + '/' + id;
  }
}
