package io.millrace.domain.geo;

import com.maxmind.db.CHMCache;
import com.maxmind.db.Reader;
import com.maxmind.db.Reader.FileMode;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the place of an address from an MMDB file, either of MaxMind's GeoIP2 form (country, city)
 * or flat as DB-IP's packages have it.
 *
 * <p>The file is read into memory, so that it can be replaced on disk. Thread-safe.
 */
public final class GeoDatabase implements Closeable {
  private final Reader reader;
  private final Path file;
  private final boolean onlyIpv4;

  private GeoDatabase(Reader reader, Path file) {
    this.reader = reader;
    this.file = file;
    this.onlyIpv4 = reader.getMetadata().ipVersion() == 4;
  }

  /**
   * Opens an MMDB file.
   *
   * @throws IllegalArgumentException when there is no such file or it is no MMDB file
   */
  public static GeoDatabase open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "Cannot open the geo database "
              + file
              + ": there is no such file; give the path of an .mmdb file, or none");
    }
    try {
      return new GeoDatabase(new Reader(file.toFile(), FileMode.MEMORY, new CHMCache()), file);
    } catch (IOException | RuntimeException e) {
      // The reader meets a broken file with exceptions of many kinds.
      throw new IllegalArgumentException(
          "Cannot open the geo database "
              + file
              + ": it is no readable MMDB file ("
              + e.getMessage()
              + "); give the path of an .mmdb file, or none",
          e);
    }
  }

  /** The place of {@code address}; empty where the file knows nothing of it. */
  public Optional<Place> lookup(InetAddress address) {
    InetAddress real = IpRules.unmapped(address);
    if (onlyIpv4 && !(real instanceof Inet4Address)) {
      // The reader would walk the IPv4 tree with the first bits of the IPv6 address.
      return Optional.empty();
    }

    Map<?, ?> row;
    try {
      row = reader.get(real, Map.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the geo database " + file, e);
    }
    return row == null ? Optional.empty() : place(row);
  }

  private static Optional<Place> place(Map<?, ?> row) {
    String country = text(row.get("country_code"));
    String region = text(row.get("state1"));
    String city = text(row.get("city"));
    if (row.get("country") instanceof Map<?, ?> nested) {
      country = text(nested.get("iso_code"));
    }
    if (row.get("subdivisions") instanceof List<?> subdivisions
        && !subdivisions.isEmpty()
        && subdivisions.get(0) instanceof Map<?, ?> first) {
      region = englishName(first);
    }
    if (row.get("city") instanceof Map<?, ?> nested) {
      city = englishName(nested);
    }
    return country == null && region == null && city == null
        ? Optional.empty()
        : Optional.of(new Place(country, region, city));
  }

  private static String englishName(Map<?, ?> named) {
    return named.get("names") instanceof Map<?, ?> names ? text(names.get("en")) : null;
  }

  private static String text(Object value) {
    return value instanceof String text && !text.isBlank() ? text : null;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
