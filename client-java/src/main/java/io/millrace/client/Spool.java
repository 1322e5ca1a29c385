package io.millrace.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Events in a file, one JSON object a line, for an outage that is longer than memory is large. It
 * is only appended to, and emptied when all of it is sent; a process that dies in between sends the
 * whole file again, and the pipeline drops the duplicates. Written without fsync: it survives the
 * process, not the power.
 */
final class Spool implements Backlog, AutoCloseable {
  private static final int SCAN_BYTES = 64 * 1024;
  private static final byte NEWLINE = '\n';

  private final FileChannel file;
  private final long maxBytes;
  private long readFrom;
  private long end;
  private List<QueuedEvent> peeked = List.of();
  private final AtomicLong events = new AtomicLong();

  private Spool(FileChannel file, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
  }

  /** Opens the file and finds what an earlier process left; the start of a torn line is cut off. */
  static Spool open(Path path, long maxBytes) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!isLocked(file)) {
        throw new IOException("another client uses it; give each its own");
      }
      Spool spool = new Spool(file, maxBytes);
      spool.scan();
      return spool;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static boolean isLocked(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this process
    }
  }

  private void scan() throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(SCAN_BYTES);
    long position = 0;
    long lines = 0;
    for (int read; (read = file.read(chunk, position)) > 0; chunk.clear()) {
      for (int i = 0; i < read; i++) {
        if (chunk.get(i) == NEWLINE) {
          lines++;
          end = position + i + 1;
        }
      }
      position += read;
    }
    file.truncate(end);
    events.set(lines);
  }

  @Override
  public boolean isEmpty() {
    return events.get() == 0;
  }

  /** May be asked by any thread. */
  long size() {
    return events.get();
  }

  /** Appends as many of these as there is room for, and says how many. */
  int append(List<QueuedEvent> more) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    int count = 0;
    for (QueuedEvent event : more) {
      if (end + lines.size() + event.json().length + 1 > maxBytes) {
        break;
      }
      lines.writeBytes(event.json());
      lines.write(NEWLINE);
      count++;
    }
    ByteBuffer out = ByteBuffer.wrap(lines.toByteArray());
    long position = end;
    while (out.hasRemaining()) {
      position += file.write(out, position);
    }
    end = position;
    events.addAndGet(count);
    return count;
  }

  @Override
  public List<QueuedEvent> peek(int maxEvents, int maxBytes) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(maxBytes, end - readFrom));
    while (chunk.hasRemaining()) {
      if (file.read(chunk, readFrom + chunk.position()) < 0) {
        throw new IOException("the file is shorter than what was written to it");
      }
    }
    peeked = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < chunk.position() && peeked.size() < maxEvents; i++) {
      if (chunk.get(i) == NEWLINE) {
        byte[] json = new byte[i - start];
        chunk.get(start, json);
        peeked.add(new QueuedEvent(eventId(json), json));
        start = i + 1;
      }
    }
    if (peeked.isEmpty() && !isEmpty()) {
      throw new IOException("the file has a line of more than " + maxBytes + " bytes");
    }
    return List.copyOf(peeked);
  }

  /** Removes some of what was peeked last. */
  @Override
  public void remove(int count) throws IOException {
    for (QueuedEvent event : peeked.subList(0, count)) {
      readFrom += event.json().length + 1;
    }
    peeked = List.of();
    if (events.addAndGet(-count) == 0) {
      file.truncate(0);
      readFrom = 0;
      end = 0;
    }
  }

  private static String eventId(byte[] json) {
    try (JsonParser parser = EventJson.JSON.createParser(json)) {
      parser.nextToken();
      boolean first = MillraceEvent.EVENT_ID.equals(parser.nextFieldName());
      return first && parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    } catch (IOException e) {
      return null; // a damaged line: the gateway refuses it, and it alone
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
