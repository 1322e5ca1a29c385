package io.millrace.domain.geo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Writes an MMDB file that knows one /8 network. */
final class MmdbFile {
  private static final int NODES = 8;
  private static final int UINT16 = 5;
  private static final int UINT32 = 6;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private MmdbFile() {}

  /** One node per bit of {@code firstByte}; the last points to the row, all else to nothing. */
  static void write(Path file, int ipVersion, int firstByte, Map<String, String> row)
      throws IOException {
    MmdbFile mmdb = new MmdbFile();
    for (int bit = 0; bit < NODES; bit++) {
      int next = bit + 1 < NODES ? bit + 1 : NODES + 16;
      boolean one = (firstByte >> (7 - bit) & 1) == 1;
      mmdb.record(one ? NODES : next);
      mmdb.record(one ? next : NODES);
    }
    mmdb.bytes.writeBytes(new byte[16]);
    mmdb.map(row.size());
    new TreeMap<>(row)
        .forEach(
            (key, value) -> {
              mmdb.text(key);
              mmdb.text(value);
            });

    mmdb.bytes.writeBytes(new byte[] {(byte) 0xAB, (byte) 0xCD, (byte) 0xEF});
    mmdb.bytes.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
    mmdb.map(7);
    mmdb.number("binary_format_major_version", UINT16, 2);
    mmdb.number("binary_format_minor_version", UINT16, 0);
    mmdb.text("build_epoch");
    // An extended type, 2 + 7: uint64, of one byte.
    mmdb.bytes.writeBytes(new byte[] {1, 2, 1});
    mmdb.text("database_type");
    mmdb.text("Test");
    mmdb.number("ip_version", UINT16, ipVersion);
    mmdb.number("node_count", UINT32, NODES);
    mmdb.number("record_size", UINT16, 24);
    Files.write(file, mmdb.bytes.toByteArray());
  }

  private void record(int value) {
    bytes.write(value >> 16);
    bytes.write(value >> 8);
    bytes.write(value);
  }

  private void map(int size) {
    bytes.write(7 << 5 | size);
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    bytes.write(2 << 5 | utf8.length);
    bytes.writeBytes(utf8);
  }

  private void number(String key, int type, int value) {
    text(key);
    bytes.write(type << 5 | 1);
    bytes.write(value);
  }
}
