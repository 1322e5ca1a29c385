package io.millrace.domain.url;

import com.google.common.net.InternetDomainName;

/** What a host name belongs to, by the public suffix list. */
public final class Hosts {
  private Hosts() {}

  /**
   * The part of a host that one owner registers: {@code example.co.uk} for {@code
   * www.example.co.uk}. The host itself where there is no such part: addresses, {@code localhost},
   * public suffixes, app ids and what is no host name at all.
   */
  public static String registrableDomain(String host) {
    if (!InternetDomainName.isValid(host)) {
      return host;
    }
    InternetDomainName name = InternetDomainName.from(host);
    return name.isUnderPublicSuffix() ? name.topPrivateDomain().toString() : host;
  }

  /** The public suffix of a host, for example {@code co.uk}; empty when it has none. */
  public static String publicSuffix(String host) {
    if (!InternetDomainName.isValid(host)) {
      return "";
    }
    InternetDomainName suffix = InternetDomainName.from(host).publicSuffix();
    return suffix == null ? "" : suffix.toString();
  }
}
