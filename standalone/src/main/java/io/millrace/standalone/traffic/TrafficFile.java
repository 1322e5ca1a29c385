package io.millrace.standalone.traffic;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of traffic, read line by line, plain or gzip (told apart by content, not by name): each
 * line is an event, left out for a reason, or unreadable, and is counted as one of them.
 */
public abstract class TrafficFile implements AutoCloseable {
  /** No line of a log or of events is longer; without a limit a wrong file would fill the heap. */
  static final int MAX_LINE_BYTES = 1 << 20;

  private static final int PROBLEMS_SHOWN = 3;

  private final Path path;
  private final CountingStream raw;
  private final InputStream in;
  private final Map<LeftOut, Long> leftOut = new EnumMap<>(LeftOut.class);
  private final List<String> problems = new ArrayList<>();
  private long lines;
  private long emptyLines;
  private long events;
  private long unreadable;

  TrafficFile(Path path) throws IOException {
    this.path = path;
    this.raw = new CountingStream(openRaw(path));
    try {
      this.in = new BufferedInputStream(gunzipped(raw), 1 << 16);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /**
   * Opens a file as events when its first line starts with a brace, else as an access log.
   *
   * @param site base URL of the site that a log belongs to, for example {@code https://example.org}
   */
  public static TrafficFile open(Path path, String site) throws IOException {
    boolean json;
    try (InputStream probe = gunzipped(openRaw(path))) {
      int first = probe.read();
      while (first == ' '
          || first == '\t'
          || first == '\r'
          || first == '\n'
          || first == 0xEF
          || first == 0xBB
          || first == 0xBF) {
        first = probe.read();
      }
      json = first == '{';
    }
    return json ? new EventFile(path) : new AccessLogReader(path, site);
  }

  /** What one line says, or null when it is left out (after {@link #leaveOut}). */
  abstract OutgoingEvent eventOf(byte[] line, long lineNumber) throws UnreadableLineException;

  final void leaveOut(LeftOut reason) {
    leftOut.merge(reason, 1L, Long::sum);
  }

  /** The next event; null at the end of the file. */
  public OutgoingEvent next() throws IOException {
    try {
      while (true) {
        byte[] line = nextLine();
        if (line == null) {
          return null;
        }
        if (line.length == 0) {
          emptyLines++;
          continue;
        }
        try {
          OutgoingEvent event = eventOf(line, lines);
          if (event != null) {
            events++;
            return event;
          }
        } catch (UnreadableLineException e) {
          unreadable(e.getMessage());
        }
      }
    } catch (EOFException | ZipException e) {
      throw new IOException(
          "Cannot read " + path + " after line " + lines + ": the gzip data is damaged or cut off",
          e);
    }
  }

  /** The tally so far: lines = events + left out + unreadable + empty. */
  public Counts counts() {
    return new Counts(
        lines, events, Map.copyOf(leftOut), emptyLines, unreadable, List.copyOf(problems));
  }

  /** Bytes of the file read so far, as they are on disk: how far a replay has come. */
  public long bytesRead() {
    return raw.count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void unreadable(String reason) {
    unreadable++;
    if (problems.size() < PROBLEMS_SHOWN) {
      problems.add("line " + lines + ": " + reason);
    }
  }

  /** The next line without its end; null at the end of the file. */
  private byte[] nextLine() throws IOException {
    while (true) {
      ByteArrayOutputStream line = new ByteArrayOutputStream(512);
      long length = 0;
      int c = in.read();
      if (c < 0) {
        return null;
      }
      while (c >= 0 && c != '\n') {
        if (length++ < MAX_LINE_BYTES) {
          line.write(c);
        }
        c = in.read();
      }
      lines++;
      if (length <= MAX_LINE_BYTES) {
        return withoutReturn(line.toByteArray());
      }
      unreadable("the line has " + length + " bytes; at most " + MAX_LINE_BYTES + " are read");
    }
  }

  private static byte[] withoutReturn(byte[] line) {
    int end = line.length;
    if (end > 0 && line[end - 1] == '\r') {
      end--;
    }
    return end == line.length ? line : Arrays.copyOf(line, end);
  }

  static String text(byte[] line) {
    return new String(line, StandardCharsets.UTF_8);
  }

  private static InputStream openRaw(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException(
          "Cannot read " + path + ": it is a folder; give an access log or NDJSON");
    }
    try {
      return new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    } catch (NoSuchFileException e) {
      throw new IOException("Cannot read " + path + ": there is no such file", e);
    }
  }

  private static InputStream gunzipped(InputStream in) throws IOException {
    in.mark(2);
    int first = in.read();
    int second = in.read();
    in.reset();
    return first == 0x1f && second == 0x8b ? new GZIPInputStream(in, 1 << 16) : in;
  }

  /**
   * What became of the lines.
   *
   * @param problems the first three unreadable lines, with number and reason
   */
  public record Counts(
      long lines,
      long events,
      Map<LeftOut, Long> leftOut,
      long emptyLines,
      long unreadable,
      List<String> problems) {}

  private static final class CountingStream extends FilterInputStream {
    private volatile long count;
    private long marked;

    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int c = super.read();
      if (c >= 0) {
        add(1);
      }
      return c;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int n = super.read(buffer, from, length);
      add(Math.max(n, 0));
      return n;
    }

    @Override
    public synchronized void mark(int limit) {
      super.mark(limit);
      marked = count;
    }

    @Override
    public synchronized void reset() throws IOException {
      super.reset();
      count = marked;
    }

    // One thread reads, another only looks.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void add(int n) {
      count += n;
    }
  }
}
