package io.millrace.gateway.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One file of the spool. Its name says its place in the order and the marker of its frames. */
final class Segment {
  private static final Pattern NAME = Pattern.compile("(\\d{16})-([0-9a-f]{16})\\.spool");

  private final Path path;
  private final long number;
  private final long marker;
  private FileChannel channel;
  private long writtenBytes;
  private long durableBytes;
  private long replayedBytes;

  private Segment(Path path, long number, long marker) {
    this.path = path;
    this.number = number;
    this.marker = marker;
  }

  static boolean isSegment(Path path) {
    return NAME.matcher(path.getFileName().toString()).matches();
  }

  static Segment create(Path folder, long number, long marker) throws IOException {
    Path path = folder.resolve(String.format("%016d-%016x.spool", number, marker));
    Segment segment = new Segment(path, number, marker);
    segment.channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      // Else a power cut could take the name of a file whose bytes are safe.
      syncFolder(folder);
    } catch (IOException e) {
      segment.delete();
      throw e;
    }
    return segment;
  }

  /** One that an earlier process has left; nothing more is written to it. */
  static Segment left(Path path) throws IOException {
    Matcher name = NAME.matcher(path.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException("No segment of a spool: " + path);
    }
    Segment segment =
        new Segment(path, Long.parseLong(name.group(1)), Long.parseUnsignedLong(name.group(2), 16));
    segment.writtenBytes = Files.size(path);
    segment.durableBytes = segment.writtenBytes;
    return segment;
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      writtenBytes += channel.write(bytes);
    }
  }

  void force() throws IOException {
    channel.force(false);
    durableBytes = writtenBytes;
  }

  /** Closes it for writing, once all that was written is durable. */
  void finish() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  /**
   * Gives up what is not durable. After a failed sync nobody knows what the disk holds, and a
   * second sync may succeed without having written it; so the file is never written to again.
   */
  void abandonRest() throws IOException {
    writtenBytes = durableBytes;
    FileChannel open = channel;
    channel = null;
    try (open) {
      open.truncate(durableBytes);
    }
  }

  /** What is durable and not replayed yet. */
  byte[] readRest() throws IOException {
    ByteBuffer rest = ByteBuffer.allocate((int) (durableBytes - replayedBytes));
    try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
      long from = replayedBytes;
      while (rest.hasRemaining() && in.read(rest, from + rest.position()) >= 0) {
        // until it is full
      }
    }
    if (rest.hasRemaining()) {
      throw new IOException(
          path + " ends " + rest.remaining() + " bytes before its end; someone has cut it");
    }
    return rest.array();
  }

  void delete() throws IOException {
    finish();
    Files.deleteIfExists(path);
  }

  void replayedTo(long end) {
    replayedBytes = end;
  }

  boolean isReplayed() {
    return replayedBytes == writtenBytes;
  }

  boolean isOpen() {
    return channel != null;
  }

  Path path() {
    return path;
  }

  long number() {
    return number;
  }

  long marker() {
    return marker;
  }

  long writtenBytes() {
    return writtenBytes;
  }

  long replayedBytes() {
    return replayedBytes;
  }

  private static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
