package io.millrace.gateway.privacy;

import io.millrace.domain.tenant.TenantPolicy;

/** Knows what each tenant wants of its events. */
public interface TenantPolicies {
  /** Every tenant has the defaults. */
  TenantPolicies DEFAULTS = tenant -> TenantPolicy.DEFAULTS;

  /**
   * The tenant's policy as it is now. Does not block, and gives the same object until the policy
   * changes.
   */
  TenantPolicy of(String tenant);
}
