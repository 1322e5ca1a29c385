package io.millrace.gateway.privacy;

import io.millrace.domain.privacy.SaltStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Salts in files that only their owner may read, one a day, so that a restart within a day does not
 * make every visitor a new one. Gateways on one machine may share the folder.
 */
public final class FileSaltStore implements SaltStore {
  private static final String PREFIX = "salt-";
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWNER_ONLY_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path folder;

  /** Makes the folder when it is missing. */
  public FileSaltStore(Path folder) {
    this.folder = folder;
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder.toAbsolutePath().getParent());
        Files.createDirectory(folder, OWNER_ONLY_FOLDER);
      }
    } catch (IOException e) {
      throw failed("use", folder, e);
    }
  }

  @Override
  public byte[] findOrCreate(LocalDate day) {
    Path file = folder.resolve(PREFIX + day);
    try {
      byte[] salt = Files.exists(file) ? Files.readAllBytes(file) : create(file);
      if (salt.length != SALT_BYTES) {
        throw new IllegalStateException(
            "Cannot use the salt "
                + file
                + ": it has "
                + salt.length
                + " bytes instead of "
                + SALT_BYTES
                + "; delete it, and visitors of this day count anew");
      }
      return salt;
    } catch (IOException e) {
      throw failed("keep", file, e);
    }
  }

  /** Whole or not at all, and the first of several gateways wins. */
  private byte[] create(Path file) throws IOException {
    byte[] salt = SaltStore.newSalt();
    Path draft = Files.createTempFile(folder, "draft-", null, OWNER_ONLY);
    try {
      try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.wrap(salt));
        out.force(true);
      }
      Files.createLink(file, draft);
      return salt;
    } catch (FileAlreadyExistsException e) {
      return Files.readAllBytes(file);
    } finally {
      Files.delete(draft);
    }
  }

  @Override
  public void destroyBefore(LocalDate day) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> old =
          files.filter(file -> dayOf(file).filter(of -> of.isBefore(day)).isPresent()).toList();
      for (Path file : old) {
        destroy(file);
      }
    } catch (IOException e) {
      throw failed("destroy", folder, e);
    }
  }

  /** Written over first; the blocks of some disks and file systems outlive that. */
  private static void destroy(Path file) throws IOException {
    try (FileChannel out = FileChannel.open(file, Set.of(StandardOpenOption.WRITE))) {
      out.write(ByteBuffer.allocate((int) out.size()));
      out.force(true);
      Files.delete(file);
    } catch (NoSuchFileException goneAlready) {
      // Another gateway has destroyed it at the same moment.
      return;
    }
  }

  private static Optional<LocalDate> dayOf(Path file) {
    String name = file.getFileName().toString();
    if (!name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(name.substring(PREFIX.length())));
    } catch (DateTimeParseException notOurs) {
      return Optional.empty();
    }
  }

  private static UncheckedIOException failed(String verb, Path path, IOException e) {
    return new UncheckedIOException(
        "Cannot "
            + verb
            + " salts in "
            + path
            + ": "
            + e.getMessage()
            + "; give a folder that the"
            + " gateway's user owns",
        e);
  }
}
