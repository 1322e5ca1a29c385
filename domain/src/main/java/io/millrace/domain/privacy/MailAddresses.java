package io.millrace.domain.privacy;

import com.google.common.net.InternetDomainName;

/**
 * Finds mail addresses in any text, also where the @ is percent-encoded once or twice.
 *
 * <p>Only a domain under a suffix that exists makes an address: {@code logo@2x.png} and {@code
 * react@18.2.0} are none.
 */
final class MailAddresses {
  static final String PLACEHOLDER = "(email)";
  private static final String[] SIGNS = {"@", "%40", "%2540"};

  /** Longer ones do not exist; what looks like one costs no more than this. */
  private static final int MAX_DOMAIN_LENGTH = 253;

  private static final int MAX_LOCAL_LENGTH = 256;

  private MailAddresses() {}

  /** The text with a placeholder for each address; the same object when there is none. */
  static String remove(String text) {
    String removed = text;
    for (String sign : SIGNS) {
      removed = remove(removed, sign);
    }
    return removed;
  }

  private static String remove(String text, String sign) {
    int at = text.indexOf(sign);
    if (at < 0) {
      return text;
    }
    StringBuilder out = null;
    int copied = 0;
    for (; at >= 0; at = text.indexOf(sign, at + sign.length())) {
      int start = localStart(text, at, copied);
      int end = start == at ? -1 : domainEnd(text, at + sign.length());
      if (end >= 0) {
        out = out == null ? new StringBuilder(text.length()) : out;
        out.append(text, copied, start).append(PLACEHOLDER);
        copied = end;
      }
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  /** Where the part before the @ begins; {@code at} when there is none. */
  private static int localStart(String text, int at, int from) {
    int lowest = Math.max(from, at - MAX_LOCAL_LENGTH);
    int start = at;
    while (start > lowest) {
      if (start - 3 >= lowest && isEscape(text, start - 3)) {
        if (!isEscapedLocal(text, start - 3)) {
          break;
        }
        start -= 3;
      } else if (isLocal(text.charAt(start - 1))) {
        start--;
      } else {
        break;
      }
    }
    return start;
  }

  private static boolean isLocal(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '+' || c == '-';
  }

  private static boolean isEscape(String text, int at) {
    return text.charAt(at) == '%'
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0;
  }

  /** Whether an escape stands for a sign that local parts have: {@code . _ + -}. */
  private static boolean isEscapedLocal(String text, int at) {
    int c =
        Character.digit(text.charAt(at + 1), 16) * 16 + Character.digit(text.charAt(at + 2), 16);
    return c < 0x80 && isLocal((char) c);
  }

  /** Where the domain that begins here ends, or -1 when it is none. */
  private static int domainEnd(String text, int start) {
    int end = start;
    int limit = Math.min(text.length(), start + MAX_DOMAIN_LENGTH);
    while (end < limit && isDomain(text.charAt(end))) {
      end++;
    }
    // Often a sentence goes on behind the domain: "ann@example.org.Thanks".
    while (end > start) {
      if (isRegistered(text.substring(start, end))) {
        return end;
      }
      end = text.lastIndexOf('.', end - 1);
    }
    return -1;
  }

  private static boolean isDomain(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '-';
  }

  private static boolean isRegistered(String domain) {
    return domain.indexOf('.') > 0
        && !domain.endsWith(".")
        && InternetDomainName.isValid(domain)
        && InternetDomainName.from(domain).isUnderRegistrySuffix();
  }
}
