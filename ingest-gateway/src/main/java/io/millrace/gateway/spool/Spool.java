package io.millrace.gateway.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka records on disk, in the order in which they came, until Kafka has taken them.
 *
 * <p>They stand in segments, numbered files. One thread writes: {@link #write} for each request and
 * {@link #force} once for all of them, and only then are they durable. Another takes the durable
 * rest of the first segment with {@link #first} and gives it back with {@link #replayed}, which
 * deletes the segment. What a process leaves behind, the next one replays; a segment is never
 * written to by two processes, so a write that was cut off can only be at the end of one.
 */
public final class Spool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  private final SpoolOptions options;
  private final SpoolCounters counters;
  private final FileChannel lock;
  private final SecureRandom random = new SecureRandom();
  private final AtomicLong heldBytes = new AtomicLong();
  private final Deque<Segment> segments = new ArrayDeque<>();
  private long nextNumber;
  private int writtenRecords;
  private volatile boolean full;

  private Spool(SpoolOptions options, SpoolCounters counters, FileChannel lock) throws IOException {
    this.options = options;
    this.counters = counters;
    this.lock = lock;
    List<Path> left;
    try (Stream<Path> files = Files.list(options.folder())) {
      left = files.filter(Segment::isSegment).sorted().toList();
    }
    for (Path path : left) {
      Segment segment = Segment.left(path);
      nextNumber = segment.number() + 1;
      if (segment.writtenBytes() == 0) {
        segment.delete();
      } else {
        segments.add(segment);
        heldBytes.addAndGet(segment.writtenBytes());
      }
    }
    if (!segments.isEmpty()) {
      LOG.info("{} holds {} bytes of events for Kafka", options.folder(), heldBytes);
    }
  }

  /** Takes the folder for this process, with what an earlier one left in it. */
  public static Spool open(SpoolOptions options, SpoolCounters counters) {
    Path folder = options.folder();
    try {
      Files.createDirectories(folder);
      FileChannel lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isTaken(lock)) {
        lock.close();
        throw new IllegalStateException(
            "Cannot use the spool "
                + folder
                + ": another gateway uses it; give each a folder of its own");
      }
      return new Spool(options, counters, lock);
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot use the spool " + folder + ": " + e + "; give a folder that can be written", e);
    }
  }

  private static boolean isTaken(FileChannel lock) throws IOException {
    try {
      FileLock taken = lock.tryLock();
      return taken != null;
    } catch (OverlappingFileLockException e) {
      return false; // this very process has another gateway on it
    }
  }

  /** Whether there is nothing left that Kafka does not have. */
  public boolean isEmpty() {
    return heldBytes.get() == 0;
  }

  /** Whether the last request fitted in, or something was replayed since. */
  public boolean hasRoom() {
    return !full || isEmpty();
  }

  public long heldBytes() {
    return heldBytes.get();
  }

  /**
   * Adds the records of one request; durable after the next {@link #force}.
   *
   * @throws SpoolFullException when they do not fit, and then none of them is written
   * @throws IOException when the disk fails; all since the last {@link #force} is given up
   */
  public synchronized void write(List<ProducerRecord<byte[], byte[]>> records)
      throws SpoolFullException, IOException {
    int size = records.stream().mapToInt(Frames::size).sum();
    if (heldBytes.get() + size > options.maxBytes()) {
      if (!full) {
        LOG.error(
            "The spool {} is full with {} bytes; requests are answered 503 until Kafka is back",
            options.folder(),
            heldBytes);
      }
      full = true;
      throw new SpoolFullException(size, heldBytes.get(), options.maxBytes());
    }
    try {
      Segment segment = segmentToWrite();
      ByteBuffer frames = ByteBuffer.allocate(size);
      for (ProducerRecord<byte[], byte[]> record : records) {
        Frames.write(segment.marker(), record, frames);
      }
      // Counted first: from here on the spool is not empty, whatever the disk says.
      heldBytes.addAndGet(size);
      segment.write(frames.flip());
      writtenRecords += records.size();
    } catch (IOException e) {
      throw abandoned(e);
    }
  }

  /** Makes durable what was written. */
  public synchronized void force() throws IOException {
    Segment segment = segments.peekLast();
    if (segment == null || !segment.isOpen()) {
      return;
    }
    try {
      segment.force();
    } catch (IOException e) {
      throw abandoned(e);
    }
    counters.written(writtenRecords);
    writtenRecords = 0;
  }

  private Segment segmentToWrite() throws IOException {
    Segment last = segments.peekLast();
    if (last != null && last.isOpen()) {
      if (last.writtenBytes() < options.segmentBytes()) {
        return last;
      }
      force();
      last.finish();
    }
    Segment next = Segment.create(options.folder(), nextNumber++, random.nextLong());
    segments.addLast(next);
    return next;
  }

  /** The disk failed: forgets what is not durable. */
  private IOException abandoned(IOException cause) {
    writtenRecords = 0;
    Segment last = segments.peekLast();
    if (last != null && last.isOpen()) {
      try {
        last.abandonRest();
      } catch (IOException e) {
        // It may be replayed although it was answered 503, as if its sender had sent it again.
        cause.addSuppressed(e);
      }
      if (last.writtenBytes() == 0) {
        segments.removeLast();
        try {
          last.delete();
        } catch (IOException e) {
          cause.addSuppressed(e);
        }
      }
    }
    recount();
    return cause;
  }

  private void recount() {
    heldBytes.set(segments.stream().mapToLong(Segment::writtenBytes).sum());
  }

  /** The oldest records that are durable; empty when there are none. */
  Optional<Chunk> first() throws IOException {
    Segment segment;
    synchronized (this) {
      segment = segments.peekFirst();
      if (segment == null) {
        return Optional.empty();
      }
      byte[] bytes = segment.readRest();
      return bytes.length == 0 && segment.isOpen()
          ? Optional.empty()
          : Optional.of(new Chunk(segment, bytes, Frames.find(bytes, segment.marker())));
    }
  }

  /** Gives up a chunk of which Kafka, or a file beside the spool, now holds everything. */
  synchronized void replayed(Chunk chunk) throws IOException {
    Segment segment = chunk.segment;
    segment.replayedTo(segment.replayedBytes() + chunk.bytes.length);
    counters.replayed(chunk.found.frames().size());
    if (segment.isReplayed()) {
      segments.remove(segment);
      segment.delete();
      recount();
      full = false;
      notifyAll();
    }
  }

  /** How many bytes Kafka does not have yet. */
  private long leftBytes() {
    return segments.stream().mapToLong(one -> one.writtenBytes() - one.replayedBytes()).sum();
  }

  /**
   * Waits until it is empty, if little is left; whoever waits does not write meanwhile.
   *
   * @return whether it is empty
   */
  synchronized boolean awaitEmpty(long ifLeftBytes, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    long left = end - System.nanoTime();
    while (!isEmpty() && left > 0 && leftBytes() <= ifLeftBytes) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return isEmpty();
  }

  /** Keeps bytes of a chunk that cannot be replayed; false when they were kept before. */
  boolean putAside(Chunk chunk, int start, int end, String suffix) throws IOException {
    Segment segment = chunk.segment;
    String name =
        segment.path().getFileName() + "." + (segment.replayedBytes() + start) + "." + suffix;
    Path aside = options.folder().resolve(name);
    if (Files.exists(aside)) {
      return false;
    }
    Path unfinished = options.folder().resolve(name + ".part");
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(chunk.bytes, start, end - start);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(unfinished, aside);
    return true;
  }

  SpoolCounters counters() {
    return counters;
  }

  /** Leaves on disk what Kafka does not have yet. */
  @Override
  public synchronized void close() {
    try {
      force();
      for (Segment segment : segments) {
        segment.finish();
      }
      lock.close();
    } catch (IOException e) {
      LOG.error("The spool {} could not be closed", options.folder(), e);
    }
  }

  /** A piece of a segment, and the records in it. */
  static final class Chunk {
    private final Segment segment;
    private final byte[] bytes;
    private final Frames.Found found;

    private Chunk(Segment segment, byte[] bytes, Frames.Found found) {
      this.segment = segment;
      this.bytes = bytes;
      this.found = found;
    }

    Frames.Found found() {
      return found;
    }

    Path path() {
      return segment.path();
    }
  }
}
