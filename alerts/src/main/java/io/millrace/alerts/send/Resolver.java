package io.millrace.alerts.send;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks the DNS, once a message. */
@FunctionalInterface
interface Resolver {
  /** That of the machine. */
  Resolver OF_THE_MACHINE = host -> List.of(InetAddress.getAllByName(host));

  List<InetAddress> resolve(String host) throws UnknownHostException;
}
