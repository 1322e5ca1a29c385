package io.millrace.standalone.server;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out loopback ports and remembers them, so that clients find a server where it was before a
 * restart.
 */
public final class PortBook {
  private static final Logger LOG = LoggerFactory.getLogger(PortBook.class);

  // Below the range from which Linux takes the near end of outgoing connections (32768 and up): a
  // port from there could be gone when a server comes back for it.
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;

  private final Path file;
  private final Properties remembered = new Properties();
  private final Set<Integer> handedOut = new HashSet<>();

  public PortBook(Path file) {
    this.file = file;
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        remembered.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * The wanted port, which must be free, or with {@code wanted} 0 the one of last time, or any.
   *
   * @param server name for people and key of the book, for example {@code kafka}
   */
  public synchronized int portFor(String server, int wanted) {
    if (wanted < 0 || wanted > 65_535) {
      throw new PlatformException(
          ExitCode.USAGE,
          "Cannot start "
              + server
              + ": port "
              + wanted
              + " is no port; give 1 to 65535, or 0 for any free one");
    }
    int port = wanted > 0 ? wanted : rememberedOrFresh(server);
    if (handedOut.contains(port) || !isFree(port)) {
      throw taken(server, port);
    }
    handedOut.add(port);
    if (!Integer.toString(port).equals(remembered.getProperty(server))) {
      remembered.setProperty(server, Integer.toString(port));
      save();
    }
    return port;
  }

  /** Refuses a wanted port that is taken; 0, which wants none in particular, is always fine. */
  public void requireFree(String server, int wanted) {
    if (wanted > 0 && wanted <= 65_535 && !isFree(wanted)) {
      throw taken(server, wanted);
    }
  }

  private static PlatformException taken(String server, int port) {
    return new PlatformException(
        ExitCode.ENVIRONMENT,
        "Cannot start "
            + server
            + ": port "
            + port
            + " on 127.0.0.1 is in use by another program; end that program, or give another port"
            + " with --"
            + server
            + "-port (0 takes any free one)");
  }

  private int rememberedOrFresh(String server) {
    String last = remembered.getProperty(server);
    if (last != null) {
      int port = Integer.parseInt(last);
      if (!handedOut.contains(port) && isFree(port)) {
        return port;
      }
      LOG.warn("Port {} of {} was taken by another program; choosing a new one", port, server);
    }
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (!handedOut.contains(port) && isFree(port)) {
        return port;
      }
    }
    throw new PlatformException(
        ExitCode.ENVIRONMENT,
        "Cannot start "
            + server
            + ": found no free port from "
            + LOWEST
            + " to "
            + HIGHEST
            + "; give one with --"
            + server
            + "-port");
  }

  private void save() {
    try {
      Files.createDirectories(file.getParent());
      Path next = file.resolveSibling(file.getFileName() + ".next");
      try (Writer writer = Files.newBufferedWriter(next)) {
        remembered.store(writer, null);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether nobody listens there.
   *
   * <p>It binds and does not listen: a listening socket of ours could for a moment be inherited by
   * a server that another thread starts just then, and the port would look taken.
   */
  static boolean isFree(int port) {
    try (Socket socket = new Socket()) {
      // As the servers do: a port whose last connections are still in TIME_WAIT counts as free.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
