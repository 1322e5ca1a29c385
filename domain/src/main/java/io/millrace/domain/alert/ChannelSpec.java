package io.millrace.domain.alert;

import java.net.URI;
import java.util.List;

/** Where alerts go, as a tenant's file gives it. Texts never show what is secret. */
public sealed interface ChannelSpec {
  String name();

  /** As in the file. */
  String kind();

  /** One that is reached by HTTP. */
  sealed interface Http extends ChannelSpec {
    URI url();

    /** Whether plain http is good enough. */
    boolean allowsHttp();

    /** Whether it may be elsewhere than on the public internet. */
    boolean allowsPrivateAddresses();
  }

  /** A JSON body, signed. */
  record Webhook(
      String name, URI url, String secret, boolean allowsHttp, boolean allowsPrivateAddresses)
      implements Http {
    @Override
    public String kind() {
      return "webhook";
    }

    @Override
    public String toString() {
      return ChannelSpec.shown(this);
    }
  }

  /** A webhook of Slack's shape, whose URL is its secret. */
  record Slack(String name, URI url, boolean allowsHttp, boolean allowsPrivateAddresses)
      implements Http {
    @Override
    public String kind() {
      return "slack";
    }

    @Override
    public String toString() {
      return ChannelSpec.shown(this);
    }
  }

  /** A Prometheus Alertmanager; the URL is its root. */
  record Alertmanager(String name, URI url, boolean allowsHttp, boolean allowsPrivateAddresses)
      implements Http {
    @Override
    public String kind() {
      return "alertmanager";
    }

    @Override
    public String toString() {
      return ChannelSpec.shown(this);
    }
  }

  /** Mail, by the SMTP server of the platform. */
  record Email(String name, List<String> to) implements ChannelSpec {
    @Override
    public String kind() {
      return "email";
    }

    @Override
    public String toString() {
      return name + " (email)";
    }
  }

  private static String shown(Http channel) {
    return channel.name() + " (" + channel.kind() + " at " + channel.url().getHost() + ")";
  }
}
