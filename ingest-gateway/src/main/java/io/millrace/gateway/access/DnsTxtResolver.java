package io.millrace.gateway.access;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** Asks by the DNS client that comes with Java. */
public final class DnsTxtResolver implements TxtResolver {
  private static final String TIMEOUT_MS = "2000";
  private static final String TRIES = "2";

  private final String server;

  /** Asks the servers that this machine uses. */
  public DnsTxtResolver() {
    this("");
  }

  /**
   * @param server {@code host:port}, or empty for those that this machine uses
   */
  public DnsTxtResolver(String server) {
    this.server = server;
  }

  /** JNDI is dangerous where it makes objects of what it finds; attributes stay texts. */
  @Override
  @SuppressWarnings("BanJNDI")
  public List<String> texts(String name) throws IOException {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, server.isEmpty() ? "dns:" : "dns://" + server);
    environment.put("com.sun.jndi.dns.timeout.initial", TIMEOUT_MS);
    environment.put("com.sun.jndi.dns.timeout.retries", TRIES);
    List<String> texts = new ArrayList<>();
    try {
      DirContext dns = new InitialDirContext(environment);
      try {
        // The final dot keeps the machine's own domain from being tried behind it.
        Attribute records = dns.getAttributes(name + ".", new String[] {"TXT"}).get("TXT");
        if (records != null) {
          NamingEnumeration<?> values = records.getAll();
          while (values.hasMore()) {
            texts.add(unquoted(values.next().toString()));
          }
        }
      } finally {
        dns.close();
      }
    } catch (NameNotFoundException e) {
      return List.of();
    } catch (NamingException e) {
      throw new IOException("the DNS gave no answer for " + name + ": " + e.getMessage(), e);
    }
    return texts;
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
