package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Write keys from a JSON file that holds only their SHA-256 hashes. A changed file is read again
 * within a second; while it cannot be read, the keys stay as they were.
 */
public final class WriteKeyFile implements WriteKeys {
  private static final Logger LOG = LoggerFactory.getLogger(WriteKeyFile.class);
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Path file;
  private final long checkNanos;
  private final AtomicLong nextCheck;
  private volatile Stamp stamp;
  private volatile Map<ByteBuffer, WriteKey> keys;

  /** Reads the file, which must exist and be valid. */
  public WriteKeyFile(Path file) {
    this(file, Duration.ofSeconds(1));
  }

  WriteKeyFile(Path file, Duration checkEvery) {
    this.file = file;
    this.checkNanos = checkEvery.toNanos();
    this.nextCheck = new AtomicLong(System.nanoTime() + checkNanos);
    try {
      stamp = Stamp.of(file);
      keys = read(file);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(message(e), e);
    }
  }

  @Override
  public Optional<WriteKey> find(String presented) {
    long now = System.nanoTime();
    long due = nextCheck.get();
    if (now - due >= 0 && nextCheck.compareAndSet(due, now + checkNanos)) {
      reloadIfChanged();
    }
    // The look-up is by hash, so its time says nothing about any key.
    return Optional.ofNullable(keys.get(ByteBuffer.wrap(sha256(presented))));
  }

  private void reloadIfChanged() {
    try {
      Stamp current = Stamp.of(file);
      if (current.equals(stamp)) {
        return;
      }
      stamp = current;
      keys = read(file);
      LOG.info("Read {} write keys from {}", keys.size(), file);
    } catch (IOException | IllegalArgumentException e) {
      LOG.error("{}; the {} keys read before stay valid", message(e), keys.size());
    }
  }

  private String message(Exception e) {
    String reason =
        e instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : e instanceof IOException ? e.toString() : e.getMessage();
    return "Cannot read write keys from " + file + ": " + reason;
  }

  private static Map<ByteBuffer, WriteKey> read(Path file) throws IOException {
    FileContent content = JSON.readValue(Files.readAllBytes(file), FileContent.class);
    if (content == null || content.keys() == null) {
      throw new IllegalArgumentException("there is no list \"keys\"");
    }
    Map<ByteBuffer, WriteKey> keys = new HashMap<>();
    for (Entry entry : content.keys()) {
      WriteKey key =
          new WriteKey(entry.tenant(), entry.name(), entry.historical(), entry.serverSide());
      if (keys.put(ByteBuffer.wrap(hash(entry, key)), key) != null) {
        throw new IllegalArgumentException(
            "key \"" + key.name() + "\" of tenant " + key.tenant() + " has the hash of another");
      }
    }
    return keys;
  }

  private static byte[] hash(Entry entry, WriteKey key) {
    if (entry.sha256() == null || entry.sha256().length() != 64) {
      throw new IllegalArgumentException(
          "key \""
              + key.name()
              + "\" of tenant "
              + key.tenant()
              + " needs 64 hex digits in sha256");
    }
    return HexFormat.of().parseHex(entry.sha256());
  }

  /** The hash under which a key stands in the file. */
  public static String sha256Hex(String writeKey) {
    return HexFormat.of().formatHex(sha256(writeKey));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256", e);
    }
  }

  private record FileContent(List<Entry> keys) {}

  private record Entry(
      String tenant, String name, String sha256, boolean historical, boolean serverSide) {}

  /** Changes whenever the file does, also when it is replaced by one of the same age and size. */
  private record Stamp(FileTime modified, long size, Object fileKey) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }
}
